package io.breakwater.capture.nativeaccess;

import java.io.IOException;
import java.lang.foreign.Arena;

/** A Unix stream socket that others connect to. Thread: one owner. */
public final class UnixListener implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final Libc libc = new Libc();
    private final UnixCalls calls = new UnixCalls(libc);
    private final int fd;
    private boolean open = true;

    /**
     * Listens from now on.
     *
     * @param name one that begins with {@code @} is in the abstract name space of this network namespace
     * @throws ErrnoException if it cannot, because somebody has that name, say
     */
    public UnixListener(String name) throws IOException {
        fd = UnixAddress.streamSocket(libc);
        try (Arena arena = Arena.ofConfined()) {
            if (fd < 0 || libc.bind(fd, UnixAddress.of(name, arena)) < 0 || calls.listen(fd, BACKLOG) < 0) {
                int errno = libc.errno();
                close();
                throw new ErrnoException(name, errno);
            }
        }
    }

    /** Waits for the next connection. */
    public UnixStream accept() throws IOException {
        while (true) {
            int accepted = calls.accept(fd, UnixAddress.SOCK_CLOEXEC);
            if (accepted >= 0) {
                return new UnixStream(accepted);
            }
            if (libc.errno() != Libc.EINTR) {
                throw new ErrnoException("accept", libc.errno());
            }
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (open && fd >= 0) {
            open = false;
            libc.close(fd);
        }
    }
}
