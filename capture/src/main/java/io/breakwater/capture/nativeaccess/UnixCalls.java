package io.breakwater.capture.nativeaccess;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls of Unix sockets that carry descriptors, apart from {@link Libc}, because a process that needs none of them
 * should not bind them at its start.
 *
 * <p><b>Thread:</b> one object per thread; errors are left in the {@link Libc} that it was made with.
 */
final class UnixCalls {
    private static final MethodHandle LISTEN = Libc.function("listen", Libc.NUMBERS);
    private static final MethodHandle ACCEPT = Libc.function("accept4", Libc.NUMBERS);
    private static final MethodHandle SENDMSG = Libc.function("sendmsg", Libc.MEMORY_SECOND);
    private static final MethodHandle RECVMSG = Libc.function("recvmsg", Libc.MEMORY_SECOND);

    private final Libc libc;

    UnixCalls(Libc libc) {
        this.libc = libc;
    }

    int listen(int fd, int backlog) {
        try {
            return (int) (long) LISTEN.invokeExact(libc.captured(), (long) fd, (long) backlog, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw Libc.failed(t);
        }
    }

    int accept(int fd, int flags) {
        try {
            return (int) (long) ACCEPT.invokeExact(libc.captured(), (long) fd, 0L, 0L, (long) flags, 0L, 0L);
        } catch (Throwable t) {
            throw Libc.failed(t);
        }
    }

    long sendmsg(int fd, MemorySegment message, int flags) {
        try {
            return (long) SENDMSG.invokeExact(libc.captured(), (long) fd, message, (long) flags, 0L);
        } catch (Throwable t) {
            throw Libc.failed(t);
        }
    }

    long recvmsg(int fd, MemorySegment message, int flags) {
        try {
            return (long) RECVMSG.invokeExact(libc.captured(), (long) fd, message, (long) flags, 0L);
        } catch (Throwable t) {
            throw Libc.failed(t);
        }
    }
}
