package io.breakwater.bench.replay;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread with nothing to do but to wake up each millisecond: how late it does is what machine and JVM do to any thread.
 *
 * <p><b>Thread:</b> started and ended by one control thread.
 */
final class IdleThread {
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Gaps gaps = new Gaps();
    private final Thread thread = new Thread(this::idle, "idle-control");
    private volatile boolean ended;

    void start() {
        thread.start();
    }

    private void idle() {
        while (!ended) {
            long startNs = System.nanoTime();
            LockSupport.parkNanos(SLEEP_NS);
            gaps.add(System.nanoTime() - startNs - SLEEP_NS);
        }
    }

    /** Ends it, and says how late it was. */
    Gaps.Figures end() throws InterruptedException {
        ended = true;
        thread.join();
        return gaps.figures();
    }
}
