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
    private static final int PRIO_PROCESS = 0; // linux/resource.h

    static final int EPERM = 1; // asm-generic/errno-base.h
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOSYS = 38; // asm-generic/errno.h
    static final int ENOLINK = 67; // a bpf_link whose interface is gone
    static final int ENOPROTOOPT = 92;
    static final int EOPNOTSUPP = 95;
    static final int EAFNOSUPPORT = 97;
    static final int EADDRINUSE = 98;
    static final int ENETDOWN = 100;
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
    private static final MethodHandle SYSCALL =
            variadic("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), 1);
    private static final MethodHandle FCNTL =
            variadic("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), 2);
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            function("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle RECV =
            function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MMAP = function(
            "mmap", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SETPRIORITY =
            function("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle MADVISE =
            function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SCHED_SETAFFINITY =
            function("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

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

    /** {@code syscall(2)} for a call that libc has no name for, with these three arguments. */
    long syscall(long number, long first, MemorySegment second, long third) {
        try {
            return (long) SYSCALL.invokeExact(captured, number, first, second, third);
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

    /** {@code getsockopt(2)}; {@code size} holds the room in bytes before, and how much was written after. */
    int getsockopt(int fd, int level, int option, MemorySegment value, MemorySegment size) {
        try {
            return (int) GETSOCKOPT.invokeExact(captured, fd, level, option, value, size);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    long recv(int fd, long address, long length, int flags) {
        try {
            return (long) RECV.invokeExact(captured, fd, address, length, flags);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code mmap(2)} anywhere: the address, or -1. */
    long mmap(long length, int protection, int flags, int fd, long offset) {
        try {
            return (long) MMAP.invokeExact(captured, 0L, length, protection, flags, fd, offset);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code madvise(2)}: 0, or -1. */
    int madvise(long address, long length, int advice) {
        try {
            return (int) MADVISE.invokeExact(captured, address, length, advice);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int munmap(long address, long length) {
        try {
            return (int) MUNMAP.invokeExact(captured, address, length);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code fcntl(2)} with a number. */
    int fcntl(int fd, int command, int value) {
        try {
            return (int) FCNTL.invokeExact(captured, fd, command, value);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code setpriority(2)} of the calling thread: on Linux a thread has a nice value of its own. */
    int setpriority(int nice) {
        try {
            return (int) SETPRIORITY.invokeExact(captured, PRIO_PROCESS, 0, nice);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code sched_setaffinity(2)} of the calling thread. */
    int schedSetaffinity(MemorySegment mask) {
        try {
            return (int) SCHED_SETAFFINITY.invokeExact(captured, 0, mask.byteSize(), mask);
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
