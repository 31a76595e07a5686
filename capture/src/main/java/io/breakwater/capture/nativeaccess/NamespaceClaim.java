package io.breakwater.capture.nativeaccess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * A name that one holder at a time has in a network namespace, whatever files and directories holders see: the abstract name of
 * a Unix socket (unix(7)), which the kernel frees when its process ends, however it ends.
 *
 * <p><b>Thread:</b> one owner; control path only.
 */
public final class NamespaceClaim implements AutoCloseable {
    private final Libc libc = new Libc();
    private int fd;

    private NamespaceClaim(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            fd = UnixAddress.datagramSocket(libc);
            if (fd < 0 || libc.bind(fd, UnixAddress.of('@' + name, arena)) < 0) {
                int errno = libc.errno();
                close();
                throw new ErrnoException(name, errno);
            }
        }
    }

    /**
     * The claim, or nothing if somebody holds it.
     *
     * @param name at most 106 bytes in UTF-8
     */
    public static Optional<NamespaceClaim> tryTake(String name) throws IOException {
        try {
            return Optional.of(new NamespaceClaim(name));
        } catch (ErrnoException e) {
            if (e.errno() == Libc.EADDRINUSE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (fd >= 0) {
            libc.close(fd);
            fd = -1;
        }
    }
}
