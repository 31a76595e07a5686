package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.breakwater.engine.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * An AF_XDP socket on one queue of one card, with its four rings (linux/if_xdp.h, Documentation/networking/af_xdp.rst).
 *
 * <p><b>Thread:</b> made, bound and closed by one control thread; {@link #wakeTx} by egress alone, {@link #wakeRx} by rx
 * alone, {@link #drops} by control threads. Nobody may use the rings after {@link #close}.
 */
public final class XskSocket implements AutoCloseable {
    private static final int AF_XDP = 44; // linux/socket.h
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOL_SOCKET = 1; // asm-generic/socket.h
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SOL_XDP = 283;

    private static final int XDP_MMAP_OFFSETS = 1; // linux/if_xdp.h
    private static final int XDP_RX_RING = 2;
    private static final int XDP_TX_RING = 3;
    private static final int XDP_UMEM_REG = 4;
    private static final int XDP_UMEM_FILL_RING = 5;
    private static final int XDP_UMEM_COMPLETION_RING = 6;
    private static final int XDP_STATISTICS = 7;
    private static final int XDP_OPTIONS = 8;
    private static final int XDP_MAX_TX_SKB_BUDGET = 9; // since Linux 6.17
    private static final int XDP_OPTIONS_ZEROCOPY = 1;

    private static final long PGOFF_RX_RING = 0;
    private static final long PGOFF_TX_RING = 0x8000_0000L;
    private static final long PGOFF_FILL_RING = 0x1_0000_0000L;
    private static final long PGOFF_COMPLETION_RING = 0x1_8000_0000L;

    private static final short XDP_SHARED_UMEM = 1;
    private static final short XDP_COPY = 2;
    private static final short XDP_ZEROCOPY = 4;
    private static final short XDP_USE_NEED_WAKEUP = 8;

    private static final int UMEM_REG_BYTES = 32;
    private static final int MMAP_OFFSETS_BYTES = 128;
    private static final int STATISTICS_BYTES = 48;
    private static final int RX_DROPPED_OFFSET = 0;
    private static final int RX_RING_FULL_OFFSET = 24;

    /**
     * Bytes of sent frames that may wait in the kernel. By default some 90 frames of 1,400 bytes fit (212,992 bytes),
     * after which each batch would be cut short.
     */
    private static final int SEND_BUFFER_BYTES = 16 << 20;

    private final Arena arena = Arena.ofShared();
    private final Libc control = new Libc();
    private final Libc rxCalls = new Libc();
    private final Libc txCalls = new Libc();
    private final int fd;
    private final ConsumerRing rx;
    private final ProducerRing tx;
    private final ProducerRing fill;
    private final ConsumerRing completion;

    /** How the card's driver and the socket exchange frames. */
    public enum Exchange {
        /** Without a copy if the driver can, else with one. */
        AUTO(0),
        /** Without a copy, or not at all. */
        ZERO_COPY(XDP_ZEROCOPY),
        /** With a copy, which every driver can. */
        COPY(XDP_COPY);

        private final short flag;

        Exchange(int flag) {
            this.flag = (short) flag;
        }
    }

    /**
     * A socket that is not bound yet.
     *
     * @param umem to register; null for the second socket, which shares that of the first
     * @param ringSize entries of each ring, a power of two
     * @throws ErrnoException which says what the kernel refused
     */
    public XskSocket(@Nullable Umem umem, int ringSize) throws ErrnoException {
        fd = control.socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new ErrnoException("AF_XDP socket", control.errno());
        }
        try {
            if (umem != null) {
                register(umem);
            }
            for (int ring : new int[] {XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING, XDP_TX_RING}) {
                require(SOL_XDP, ring, ringSize, "AF_XDP ring");
            }
            // A kernel that does not know it sends 32 frames per call, and is called again for the rest.
            set(SOL_XDP, XDP_MAX_TX_SKB_BUDGET, ringSize);
            MemorySegment offsets = offsets();
            rx = new ConsumerRing(map(offsets, 0, PGOFF_RX_RING, ringSize, 16));
            tx = new ProducerRing(map(offsets, 1, PGOFF_TX_RING, ringSize, 16));
            fill = new ProducerRing(map(offsets, 2, PGOFF_FILL_RING, ringSize, 8));
            completion = new ConsumerRing(map(offsets, 3, PGOFF_COMPLETION_RING, ringSize, 8));
        } catch (ErrnoException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Lets this socket have more frames under way than the box's limit for sockets, if the process has CAP_NET_ADMIN; else batches
     * are cut short.
     */
    public static void growSendBuffer(int socket) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment size = call.allocateFrom(JAVA_INT, SEND_BUFFER_BYTES);
            new Libc().setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, size);
        }
    }

    private void register(Umem umem) throws ErrnoException {
        MemorySegment registration = arena.allocate(UMEM_REG_BYTES, 8);
        registration.set(JAVA_LONG, 0, umem.memory().address());
        registration.set(JAVA_LONG, 8, umem.memory().byteSize());
        registration.set(JAVA_INT, 16, umem.chunkBytes());
        if (control.setsockopt(fd, SOL_XDP, XDP_UMEM_REG, registration) < 0) {
            throw new ErrnoException("UMEM of " + umem.memory().byteSize() + " bytes", control.errno());
        }
    }

    private boolean set(int level, int option, int value) {
        MemorySegment memory = arena.allocate(JAVA_INT);
        memory.set(JAVA_INT, 0, value);
        return control.setsockopt(fd, level, option, memory) == 0;
    }

    private void require(int level, int option, int value, String what) throws ErrnoException {
        if (!set(level, option, value)) {
            throw new ErrnoException(what, control.errno());
        }
    }

    private MemorySegment get(int option, int bytes, String what) throws ErrnoException {
        MemorySegment value = arena.allocate(bytes, 8);
        MemorySegment size = arena.allocate(JAVA_INT);
        size.set(JAVA_INT, 0, bytes);
        if (control.getsockopt(fd, SOL_XDP, option, value, size) < 0) {
            throw new ErrnoException(what, control.errno());
        }
        return value;
    }

    private MemorySegment offsets() throws ErrnoException {
        return get(XDP_MMAP_OFFSETS, MMAP_OFFSETS_BYTES, "AF_XDP ring offsets");
    }

    private RingMemory map(MemorySegment offsets, int ring, long page, int size, int entryBytes) throws ErrnoException {
        long at = 32L * ring;
        long entries = offsets.get(JAVA_LONG, at + 16);
        MemorySegment memory = MappedMemory.shared(arena, RingMemory.bytes(entries, size, entryBytes), fd, page);
        return new RingMemory(
                memory,
                offsets.get(JAVA_LONG, at),
                offsets.get(JAVA_LONG, at + 8),
                entries,
                offsets.get(JAVA_LONG, at + 24),
                size,
                entryBytes);
    }

    /** Binds the socket that registered the UMEM. */
    public void bind(int interfaceIndex, int queue, Exchange exchange) throws ErrnoException {
        bind(interfaceIndex, queue, (short) (XDP_USE_NEED_WAKEUP | exchange.flag), 0);
    }

    /** Binds the second socket; it exchanges frames as the first does. */
    public void bindSharing(int interfaceIndex, int queue, XskSocket first) throws ErrnoException {
        bind(interfaceIndex, queue, XDP_SHARED_UMEM, first.fd);
    }

    private void bind(int interfaceIndex, int queue, short flags, int sharedFd) throws ErrnoException {
        MemorySegment address = arena.allocate(16, 4); // struct sockaddr_xdp
        address.set(JAVA_SHORT, 0, (short) AF_XDP);
        address.set(JAVA_SHORT, 2, flags);
        address.set(JAVA_INT, 4, interfaceIndex);
        address.set(JAVA_INT, 8, queue);
        address.set(JAVA_INT, 12, sharedFd);
        if (control.bind(fd, address) < 0) {
            throw new ErrnoException("AF_XDP bind", control.errno());
        }
    }

    /** What an XSKMAP holds. */
    public int fd() {
        return fd;
    }

    public ConsumerRing rx() {
        return rx;
    }

    public ProducerRing tx() {
        return tx;
    }

    public ProducerRing fill() {
        return fill;
    }

    public ConsumerRing completion() {
        return completion;
    }

    /** Whether frames are exchanged without a copy; only once bound. */
    public boolean isZeroCopy() throws ErrnoException {
        return (get(XDP_OPTIONS, 4, "AF_XDP options").get(JAVA_INT, 0) & XDP_OPTIONS_ZEROCOPY) != 0;
    }

    /**
     * Has the kernel take what is in TX; never waits.
     *
     * @return 0, or the error number
     */
    @HotPath
    public int wakeTx() {
        return txCalls.send(fd, 0, 0, MSG_DONTWAIT) < 0 ? txCalls.errno() : 0;
    }

    /** Has the driver look at FILL again. */
    @HotPath
    public void wakeRx() {
        rxCalls.recv(fd, 0, 0, MSG_DONTWAIT);
    }

    /** Whether this error of {@link #wakeTx} says that not everything has left yet, and more can if called again. */
    public static boolean isBusy(int errno) {
        return errno == Libc.EAGAIN || errno == Libc.EBUSY || errno == Libc.ENOBUFS || errno == Libc.EINTR;
    }

    /** Whether this error of {@link #wakeTx} says that the card's driver dropped a frame that it was given. */
    public static boolean isDropped(int errno) {
        return errno == Libc.EBUSY;
    }

    /** Frames that found no chunk, or no room in RX, or were too large, since the socket was made. */
    public synchronized long drops() throws ErrnoException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment statistics = call.allocate(STATISTICS_BYTES, 8);
            MemorySegment size = call.allocate(JAVA_INT);
            size.set(JAVA_INT, 0, STATISTICS_BYTES);
            if (control.getsockopt(fd, SOL_XDP, XDP_STATISTICS, statistics, size) < 0) {
                throw new ErrnoException("AF_XDP statistics", control.errno());
            }
            return statistics.get(JAVA_LONG, RX_DROPPED_OFFSET) + statistics.get(JAVA_LONG, RX_RING_FULL_OFFSET);
        }
    }

    /** Idempotent. The UMEM may be given back once the last socket that uses it is closed. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            control.close(fd);
            arena.close();
        }
    }
}
