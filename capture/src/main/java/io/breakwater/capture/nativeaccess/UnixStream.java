package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A connection between two processes of this box that carries messages and, with them, file descriptors: a Unix stream
 * socket with an abstract name (unix(7), cmsg(3)), which the JDK's channels know neither of.
 *
 * <p>A message is its length in bytes (a 32-bit number in the machine's order), then its bytes.
 *
 * <p><b>Thread:</b> one owner; control path only.
 */
public final class UnixStream implements AutoCloseable {
    /** Most descriptors that go with a message: what fits the room that is kept for them. */
    public static final int MAX_DESCRIPTORS = 64;

    /** Longest message in bytes. */
    public static final int MAX_BYTES = 16 << 20;

    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1; // asm-generic/socket.h
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int UCRED_BYTES = 12; // struct ucred: pid, uid, gid

    private static final int MSGHDR_BYTES = 56; // struct msghdr, 64 bits
    private static final int IOV_OFFSET = 16;
    private static final int IOV_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_BYTES_OFFSET = 40;
    private static final int CMSG_LEVEL_OFFSET = 8; // struct cmsghdr
    private static final int CMSG_TYPE_OFFSET = 12;
    private static final int CMSG_DATA_OFFSET = 16;
    private static final int CONTROL_ROOM = CMSG_DATA_OFFSET + MAX_DESCRIPTORS * Integer.BYTES;

    private static final int LENGTH_BYTES = Integer.BYTES;

    private final Libc libc = new Libc();
    private final UnixCalls calls = new UnixCalls(libc);
    private final int fd;
    private boolean open = true;

    UnixStream(int fd) {
        this.fd = fd;
    }

    /**
     * What the other side sent.
     *
     * @param descriptors that came with it, and are the receiver's to close
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Received(byte[] bytes, int[] descriptors) {}

    /**
     * Connects.
     *
     * @param name one that begins with {@code @} is in the abstract name space
     * @throws ErrnoException if nobody listens there
     */
    public static UnixStream connect(String name) throws IOException {
        Libc libc = new Libc();
        int fd = UnixAddress.streamSocket(libc);
        if (fd < 0) {
            throw new ErrnoException("Unix socket", libc.errno());
        }
        try (Arena arena = Arena.ofConfined()) {
            if (libc.connect(fd, UnixAddress.of(name, arena)) < 0) {
                throw new ErrnoException(name, libc.errno());
            }
            return new UnixStream(fd);
        } catch (IOException e) {
            libc.close(fd);
            throw e;
        }
    }

    /** The process at the other side: which connected, or which listens. */
    public long peerPid() throws IOException {
        return peer(0);
    }

    /** The user of that process. */
    public int peerUid() throws IOException {
        return peer(Integer.BYTES);
    }

    private int peer(int offset) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(UCRED_BYTES, 4);
            MemorySegment size = arena.allocateFrom(JAVA_INT, UCRED_BYTES);
            if (libc.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, size) < 0) {
                throw new ErrnoException("SO_PEERCRED", libc.errno());
            }
            return credentials.get(JAVA_INT, offset);
        }
    }

    /** Sends one message; the descriptors stay the sender's, too. */
    public void send(byte[] bytes, int... descriptors) throws IOException {
        if (bytes.length > MAX_BYTES || descriptors.length > MAX_DESCRIPTORS) {
            throw new IOException("a message of " + bytes.length + " bytes with " + descriptors.length
                    + " descriptors is more than " + MAX_BYTES + " and " + MAX_DESCRIPTORS);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(LENGTH_BYTES + (long) bytes.length, Integer.BYTES);
            message.set(JAVA_INT, 0, bytes.length);
            MemorySegment.copy(bytes, 0, message, JAVA_BYTE, LENGTH_BYTES, bytes.length);
            long sent = exchange(arena, message, descriptors);
            while (sent < message.byteSize()) {
                sent += exchange(arena, message.asSlice(sent));
            }
        }
    }

    private long exchange(Arena arena, MemorySegment part, int... descriptors) throws IOException {
        MemorySegment header = header(arena, part);
        if (descriptors.length > 0) {
            int bytes = CMSG_DATA_OFFSET + descriptors.length * Integer.BYTES;
            MemorySegment control = arena.allocate(CONTROL_ROOM, 8);
            control.set(JAVA_LONG, 0, bytes);
            control.set(JAVA_INT, CMSG_LEVEL_OFFSET, SOL_SOCKET);
            control.set(JAVA_INT, CMSG_TYPE_OFFSET, SCM_RIGHTS);
            MemorySegment.copy(descriptors, 0, control, JAVA_INT, CMSG_DATA_OFFSET, descriptors.length);
            header.set(JAVA_LONG, CONTROL_OFFSET, control.address());
            header.set(JAVA_LONG, CONTROL_BYTES_OFFSET, bytes + 7L & ~7L);
        }
        while (true) {
            long sent = calls.sendmsg(fd, header, MSG_NOSIGNAL);
            if (sent >= 0) {
                return sent;
            }
            if (libc.errno() != Libc.EINTR) {
                throw new ErrnoException("sendmsg", libc.errno());
            }
        }
    }

    /**
     * Waits for one message.
     *
     * @throws EOFException if the other side is gone
     * @throws IOException also for one that is longer than {@link #MAX_BYTES}; descriptors that came are closed then
     */
    public Received receive() throws IOException {
        int[] descriptors = {};
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(LENGTH_BYTES, 4);
            MemorySegment control = arena.allocate(CONTROL_ROOM, 8);
            MemorySegment header = header(arena, length);
            header.set(JAVA_LONG, CONTROL_OFFSET, control.address());
            header.set(JAVA_LONG, CONTROL_BYTES_OFFSET, CONTROL_ROOM);
            long got = receive(header);
            descriptors = descriptors(header, control);
            readOn(arena, length, got);
            int bytes = length.get(JAVA_INT, 0);
            if (bytes < 0 || bytes > MAX_BYTES) {
                throw new IOException(
                        "a message of " + Integer.toUnsignedString(bytes) + " bytes is more than " + MAX_BYTES);
            }
            MemorySegment body = arena.allocate(Math.max(1, bytes), 8).asSlice(0, bytes);
            readOn(arena, body, 0);
            return new Received(body.toArray(JAVA_BYTE), descriptors);
        } catch (IOException | RuntimeException e) {
            for (int descriptor : descriptors) {
                libc.close(descriptor);
            }
            throw e;
        }
    }

    private void readOn(Arena arena, MemorySegment into, long have) throws IOException {
        long read = have;
        while (read < into.byteSize()) {
            read += receive(header(arena, into.asSlice(read)));
        }
    }

    private long receive(MemorySegment header) throws IOException {
        while (true) {
            long got = calls.recvmsg(fd, header, MSG_CMSG_CLOEXEC);
            if (got > 0) {
                return got;
            }
            if (got == 0) {
                throw new EOFException("the other process closed the connection");
            }
            if (libc.errno() != Libc.EINTR) {
                throw new ErrnoException("recvmsg", libc.errno());
            }
        }
    }

    private static int[] descriptors(MemorySegment header, MemorySegment control) {
        if (header.get(JAVA_LONG, CONTROL_BYTES_OFFSET) < CMSG_DATA_OFFSET
                || control.get(JAVA_INT, CMSG_LEVEL_OFFSET) != SOL_SOCKET
                || control.get(JAVA_INT, CMSG_TYPE_OFFSET) != SCM_RIGHTS) {
            return new int[0];
        }
        int count = (int) (control.get(JAVA_LONG, 0) - CMSG_DATA_OFFSET) / Integer.BYTES;
        int[] descriptors = new int[count];
        MemorySegment.copy(control, JAVA_INT, CMSG_DATA_OFFSET, descriptors, 0, count);
        return descriptors;
    }

    private static MemorySegment header(Arena arena, MemorySegment part) {
        MemorySegment vector = arena.allocate(16, 8); // struct iovec
        vector.set(JAVA_LONG, 0, part.address());
        vector.set(JAVA_LONG, 8, part.byteSize());
        MemorySegment header = arena.allocate(MSGHDR_BYTES, 8);
        header.set(JAVA_LONG, IOV_OFFSET, vector.address());
        header.set(JAVA_LONG, IOV_COUNT_OFFSET, 1);
        return header;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (open) {
            open = false;
            libc.close(fd);
        }
    }
}
