package io.breakwater.bench.nativeaccess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Another network namespace: for one task, or for the rest of a thread's life. */
public final class InNetns {
    private static final int CLONE_NEWNET = 0x40000000; // linux/sched.h
    private static final int O_RDONLY_CLOEXEC = 0x80000; // asm-generic/fcntl.h

    private InNetns() {}

    /** Moves the calling thread into a named network namespace: the sockets and interfaces that it opens are that one's. */
    public static void enter(String name) throws IOException {
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

    /**
     * Does it and hands over its result.
     *
     * @throws IOException as the task threw it, or if the namespace cannot be entered
     */
    public static <T> T call(String netns, Callable<T> task) throws IOException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(() -> {
            enter(netns);
            return task.call();
        });
        Thread.ofPlatform().daemon().name("in-" + netns).start(future);
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
