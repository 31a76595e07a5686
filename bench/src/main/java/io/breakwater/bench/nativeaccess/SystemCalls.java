package io.breakwater.bench.nativeaccess;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
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
 */
final class SystemCalls {
    static final int EINTR = 4; // asm-generic/errno-base.h

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_FIELD =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = variadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    private static final MethodHandle SETNS = function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle MMAP = function(
            "mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle BPF =
            variadic("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), 1);
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    /** The number of bpf(2): asm/unistd_64.h, asm-generic/unistd.h. */
    private static final long BPF_NUMBER = "aarch64".equals(System.getProperty("os.arch")) ? 280 : 321;

    private static final long MAP_FAILED = -1;

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

    /** The result, unless it is -1. */
    long orFail(long result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": error " + errno() + (errno() == 1 ? " (no permission)" : ""));
        }
        return result;
    }

    int open(MemorySegment path, int flags) {
        try {
            return (int) OPEN.invokeExact(captured, path, flags);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    int setns(int fd, int kind) {
        try {
            return (int) SETNS.invokeExact(captured, fd, kind);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    /** Shared memory of a descriptor from its beginning on. */
    @SuppressWarnings("restricted")
    MemorySegment mmap(int fd, long bytes, int protection, int flags) throws IOException {
        MemorySegment mapped;
        try {
            mapped = (MemorySegment) MMAP.invokeExact(captured, MemorySegment.NULL, bytes, protection, flags, fd, 0L);
        } catch (Throwable t) {
            throw failed(t);
        }
        orFail(mapped.address() == MAP_FAILED ? -1 : 0, "mmap");
        return mapped.reinterpret(bytes);
    }

    int munmap(MemorySegment mapped) {
        try {
            return (int) MUNMAP.invokeExact(captured, mapped, mapped.byteSize());
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    long bpf(int command, MemorySegment attributes) {
        try {
            return (long) BPF.invokeExact(captured, BPF_NUMBER, (long) command, attributes, attributes.byteSize());
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
    private static RuntimeException failed(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return t instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(t);
    }
}
