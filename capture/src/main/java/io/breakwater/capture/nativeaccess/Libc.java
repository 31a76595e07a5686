package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.ADDRESS;
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
    static final int ESRCH = 3;
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
    static final int ECONNREFUSED = 111;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_FIELD =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /**
     * Types of functions, as few as there can be: binding a function of a type that was bound before takes a twentieth of the
     * time (0.2 ms for 4, at each start). Arguments that a function does not have are zero, and numbers are as wide as a
     * register: on Linux x86-64 and AArch64 pass them in registers that the function does not look at. Memory is passed as such,
     * not as a number, so that nobody can give it back during the call.
     */
    static final FunctionDescriptor NUMBERS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static final FunctionDescriptor MEMORY_SECOND =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor OPTION =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    private static final FunctionDescriptor MEMORY_FIRST =
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor MEMORY_THIRD =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);

    private static final MethodHandle SOCKET = function("socket", NUMBERS);
    private static final MethodHandle BIND = function("bind", MEMORY_SECOND);
    private static final MethodHandle CONNECT = function("connect", MEMORY_SECOND);
    private static final MethodHandle SEND = function("send", NUMBERS);
    private static final MethodHandle RECV = function("recv", NUMBERS);
    private static final MethodHandle SETSOCKOPT = function("setsockopt", OPTION);
    private static final MethodHandle GETSOCKOPT = function("getsockopt", OPTION);
    private static final MethodHandle POLL = function("poll", MEMORY_FIRST);
    private static final MethodHandle IOCTL = variadic("ioctl", MEMORY_THIRD);
    private static final MethodHandle SYSCALL = variadic("syscall", MEMORY_THIRD);
    private static final MethodHandle FCNTL = variadic("fcntl", MEMORY_THIRD);
    private static final MethodHandle CLOSE = function("close", NUMBERS);
    private static final MethodHandle MMAP = function("mmap", NUMBERS);
    private static final MethodHandle MUNMAP = function("munmap", NUMBERS);
    private static final MethodHandle MADVISE = function("madvise", NUMBERS);
    private static final MethodHandle KILL = function("kill", NUMBERS);
    private static final MethodHandle SETPRIORITY = function("setpriority", NUMBERS);
    private static final MethodHandle SCHED_SETAFFINITY = function("sched_setaffinity", MEMORY_THIRD);

    private final MemorySegment captured = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    @SuppressWarnings("restricted")
    static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, ERRNO);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle variadic(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, ERRNO, Linker.Option.firstVariadicArg(1));
    }

    /** Where a call leaves its error number, for calls that are bound elsewhere. */
    MemorySegment captured() {
        return captured;
    }

    /** The error number of the last call that returned -1 (errno.h). */
    int errno() {
        return (int) ERRNO_FIELD.get(captured, 0L);
    }

    int socket(int domain, int type, int protocol) {
        try {
            return (int) (long) SOCKET.invokeExact(captured, (long) domain, (long) type, (long) protocol, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int bind(int fd, MemorySegment address) {
        try {
            return (int) (long) BIND.invokeExact(captured, (long) fd, address, address.byteSize(), 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int connect(int fd, MemorySegment address) {
        try {
            return (int) (long) CONNECT.invokeExact(captured, (long) fd, address, address.byteSize(), 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code send(2)} of native memory; the kernel answers EFAULT to an address that is not mapped. */
    long send(int fd, long address, long length, int flags) {
        try {
            return (long) SEND.invokeExact(captured, (long) fd, address, length, (long) flags, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int setsockopt(int fd, int level, int option, MemorySegment value) {
        try {
            return (int) (long) SETSOCKOPT.invokeExact(
                    captured, (long) fd, (long) level, (long) option, value, MemorySegment.ofAddress(value.byteSize()));
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int poll(MemorySegment descriptors, long count, int timeoutMs) {
        try {
            return (int) (long) POLL.invokeExact(captured, descriptors, count, (long) timeoutMs);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return (int) (long) IOCTL.invokeExact(captured, (long) fd, request, argument, 0L);
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
            return (int) (long) CLOSE.invokeExact(captured, (long) fd, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code getsockopt(2)}; {@code size} holds the room in bytes before, and how much was written after. */
    int getsockopt(int fd, int level, int option, MemorySegment value, MemorySegment size) {
        try {
            return (int) (long) GETSOCKOPT.invokeExact(captured, (long) fd, (long) level, (long) option, value, size);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    long recv(int fd, long address, long length, int flags) {
        try {
            return (long) RECV.invokeExact(captured, (long) fd, address, length, (long) flags, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code mmap(2)} anywhere: the address, or -1. */
    long mmap(long length, int protection, int flags, int fd, long offset) {
        try {
            return (long) MMAP.invokeExact(captured, 0L, length, (long) protection, (long) flags, (long) fd, offset);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code madvise(2)}: 0, or -1. */
    int madvise(long address, long length, int advice) {
        try {
            return (int) (long) MADVISE.invokeExact(captured, address, length, (long) advice, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int munmap(long address, long length) {
        try {
            return (int) (long) MUNMAP.invokeExact(captured, address, length, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code fcntl(2)} with a number. */
    int fcntl(int fd, int command, int value) {
        try {
            return (int)
                    (long) FCNTL.invokeExact(captured, (long) fd, (long) command, MemorySegment.ofAddress(value), 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int kill(long pid, int signal) {
        try {
            return (int) (long) KILL.invokeExact(captured, pid, (long) signal, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code setpriority(2)} of the calling thread: on Linux a thread has a nice value of its own. */
    int setpriority(int nice) {
        try {
            return (int) (long) SETPRIORITY.invokeExact(captured, (long) PRIO_PROCESS, 0L, (long) nice, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** {@code sched_setaffinity(2)} of the calling thread. */
    int schedSetaffinity(MemorySegment mask) {
        try {
            return (int) (long) SCHED_SETAFFINITY.invokeExact(captured, 0L, mask.byteSize(), mask, 0L);
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
