package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * System calls as Java methods: each returns what the C function returns, and on -1 leaves the error number in
 * {@link #errno()}.
 *
 * <p><b>Thread:</b> one object per thread, because it owns the memory that the error number is captured in.
 *
 * <p><b>Why</b> one object per thread and not static methods: the calls of the data path allocate nothing.
 */
final class Libc {
    static final int EPERM = 1; // asm-generic/errno-base.h
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOPROTOOPT = 92;
    static final int ENETDOWN = 100; // asm-generic/errno.h
    static final int ENOBUFS = 105;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_FIELD =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT =
            function("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL =
            variadic("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final MemorySegment captured = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, ERRNO);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle variadic(String name, FunctionDescriptor type, int fixedArguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, ERRNO, Linker.Option.firstVariadicArg(fixedArguments));
    }

    /** The error number of the last call that returned -1 (errno.h). */
    int errno() {
        return (int) ERRNO_FIELD.get(captured, 0L);
    }

    int socket(int domain, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(captured, domain, type, protocol);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int bind(int fd, MemorySegment address) {
        try {
            return (int) BIND.invokeExact(captured, fd, address, (int) address.byteSize());
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int connect(int fd, MemorySegment address) {
        try {
            return (int) CONNECT.invokeExact(captured, fd, address, (int) address.byteSize());
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code send(2)} of native memory; the kernel answers EFAULT to an address that is not mapped. */
    long send(int fd, long address, long length, int flags) {
        try {
            return (long) SEND.invokeExact(captured, fd, address, length, flags);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int setsockopt(int fd, int level, int option, MemorySegment value) {
        try {
            return (int) SETSOCKOPT.invokeExact(captured, fd, level, option, value, (int) value.byteSize());
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int poll(MemorySegment descriptors, long count, int timeoutMs) {
        try {
            return (int) POLL.invokeExact(captured, descriptors, count, timeoutMs);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return (int) IOCTL.invokeExact(captured, fd, request, argument);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(captured, fd);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** A downcall itself throws only for a programming error: wrong types, or memory that was freed. */
    static RuntimeException failed(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return t instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(t);
    }
}
