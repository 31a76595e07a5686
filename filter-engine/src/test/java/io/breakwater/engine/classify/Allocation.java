package io.breakwater.engine.classify;

import com.sun.management.ThreadMXBean;
import io.breakwater.engine.frame.FrameSlot;
import java.lang.management.ManagementFactory;

/** Measures what a classifier allocates, by the thread's own count of allocated bytes. */
final class Allocation {
    private static final int FRAMES = 1_000_000;
    private static final int ROUNDS = 5;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Bytes allocated by this thread while a million frames were judged; the least of several rounds, because compiling
     * and class loading may allocate in the first ones.
     */
    static long bytesPerMillion(Classifier classifier, FrameSlot... frames) {
        long least = Long.MAX_VALUE;
        int verdicts = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < FRAMES; i++) {
                verdicts += classifier.classify(frames[i % frames.length], i);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return verdicts == Integer.MIN_VALUE ? -1 : least;
    }
}
