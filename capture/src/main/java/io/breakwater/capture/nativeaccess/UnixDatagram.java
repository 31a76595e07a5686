package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

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
    private static final int MSG_DONTWAIT = 0x40;

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
        MemorySegment address = UnixAddress.of(path, arena);
        fd = UnixAddress.datagramSocket(libc);
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
