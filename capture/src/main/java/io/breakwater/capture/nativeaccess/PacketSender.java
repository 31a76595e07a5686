package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The transmit half of a packet socket: what {@code pcap_sendpacket} does, straight from a frame's memory.
 *
 * <p><b>Why</b> not pcap4j's sendPacket: it wants the frame in a byte[], takes a lock per frame, and turns a busy card
 * into an exception. Measured on veth with 60-byte frames, receiving the same way: 347 k frames/s against 143 k (single
 * runs of 4 s, warm-up included: only the ratio counts). The
 * socket is bound to protocol 0, so the kernel delivers nothing to it.
 *
 * <p><b>Thread:</b> one owner. <b>Cost:</b> one system call per frame, no allocation.
 */
public final class PacketSender implements AutoCloseable {
    private static final int AF_PACKET = 17; // linux/socket.h
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_LL_BYTES = 20; // linux/if_packet.h
    private static final int INDEX_OFFSET = 4;

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc();
    private final MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, 4);
    private final MemorySegment staging;
    private final int fd;

    /**
     * @param largestFrameBytes of frames that lie in heap memory and must be copied first
     * @throws ErrnoException without CAP_NET_RAW
     */
    public PacketSender(int largestFrameBytes) throws IOException {
        staging = arena.allocate(largestFrameBytes, 64);
        fd = libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new ErrnoException("packet socket", libc.errno());
        }
    }

    /** Sends from now on through the interface with this index. Whether that worked: false if it is gone. */
    public boolean bind(int interfaceIndex) {
        address.fill((byte) 0);
        address.set(JAVA_SHORT, 0, (short) AF_PACKET);
        address.set(JAVA_INT, INDEX_OFFSET, interfaceIndex);
        return libc.bind(fd, address) == 0;
    }

    /**
     * Hands one frame to the card's queue; never waits.
     *
     * @return 0, or the error number
     */
    @HotPath
    public int send(MemorySegment region, long offset, int length) {
        MemorySegment from = region;
        long at = offset;
        if (!region.isNative()) {
            MemorySegment.copy(region, offset, staging, 0, length);
            from = staging;
            at = 0;
        }
        if (at < 0 || length > from.byteSize() - at) {
            return Libc.EINVAL;
        }
        return libc.send(fd, from.address() + at, length, MSG_DONTWAIT) < 0 ? libc.errno() : 0;
    }

    /** Whether this error says that the card or the socket's queue is full now. */
    public static boolean isBusy(int errno) {
        return errno == Libc.EAGAIN || errno == Libc.ENOBUFS || errno == Libc.EINTR;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            libc.close(fd);
        }
    }
}
