package io.breakwater.bench.nativeaccess;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does one thing in another network namespace, on a thread that ends with it. */
public final class InNetns {
    private InNetns() {}

    /**
     * Does it and hands over its result.
     *
     * @throws IOException as the task threw it, or if the namespace cannot be entered
     */
    public static <T> T call(String netns, Callable<T> task) throws IOException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(() -> {
            ThreadPlace.enterNetns(netns);
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
