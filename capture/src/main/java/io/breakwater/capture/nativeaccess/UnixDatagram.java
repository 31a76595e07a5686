package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams to a Unix socket, which the JDK cannot: its Unix channels are streams only.
 *
 * <p><b>Thread:</b> one owner; control path only.
 */
public final class UnixDatagram implements AutoCloseable {
    private static final int AF_UNIX = 1; // linux/socket.h
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int PATH_OFFSET = 2; // linux/un.h
    private static final int PATH_BYTES = 108;

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc();
    private final int fd;

    /**
     * Connects.
     *
     * @param path of the socket; one that begins with {@code @} is in the abstract name space (unix(7))
     * @throws IOException if nobody has such a socket, or the path is too long
     */
    public UnixDatagram(String path) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length >= PATH_BYTES) {
            throw new IOException("the name of a Unix socket has 1 to " + (PATH_BYTES - 1) + " bytes");
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        // The length tells an abstract name's end; that of a path ends with a zero byte.
        MemorySegment address = arena.allocate(PATH_OFFSET + name.length + (name[0] == 0 ? 0 : 1), 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_OFFSET, name.length);
        fd = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || libc.connect(fd, address) < 0) {
            int errno = libc.errno();
            close();
            throw new ErrnoException(path, errno);
        }
    }

    /** Sends without waiting; whether it was taken. */
    public boolean send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena message = Arena.ofConfined()) {
            MemorySegment segment = message.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
            return libc.send(fd, segment.address(), bytes.length, MSG_DONTWAIT) == bytes.length;
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            if (fd >= 0) {
                libc.close(fd);
            }
        }
    }
}
