package io.breakwater.bench.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Where the calling thread lives: its network namespace and its core. Other threads stay where they are. */
public final class ThreadPlace {
    private static final int CLONE_NEWNET = 0x40000000; // linux/sched.h
    private static final int O_RDONLY_CLOEXEC = 0x80000; // asm-generic/fcntl.h
    private static final int MASK_LONGS = 16;

    private ThreadPlace() {}

    /** Moves the calling thread into a named network namespace: the sockets and interfaces that it opens are that one's. */
    public static void enterNetns(String name) throws IOException {
        SystemCalls calls = new SystemCalls();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(Path.of("/run/netns", name).toString());
            int fd = (int) calls.orFail(calls.open(path, O_RDONLY_CLOEXEC), "open netns " + name);
            try {
                calls.orFail(calls.setns(fd, CLONE_NEWNET), "setns " + name);
            } finally {
                calls.close(fd);
            }
        }
    }

    /** Keeps the calling thread on one core, numbered from 0. */
    public static void pinTo(int core) throws IOException {
        SystemCalls calls = new SystemCalls();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(JAVA_LONG, MASK_LONGS);
            mask.setAtIndex(JAVA_LONG, core / Long.SIZE, 1L << core % Long.SIZE);
            calls.orFail(calls.schedSetAffinity(mask), "sched_setaffinity to core " + core);
        }
    }
}
