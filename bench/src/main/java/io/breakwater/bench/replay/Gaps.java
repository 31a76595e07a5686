package io.breakwater.bench.replay;

import java.util.concurrent.TimeUnit;

/**
 * For how long a thread that should go on without a break did not.
 *
 * <p><b>Thread:</b> {@link #tick} and {@link #add} by that thread; {@link #figures} by another, who may miss the last.
 */
final class Gaps {
    /** Shorter ones are the scheduler's daily bread. */
    static final long LONG_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /**
     * Breaks, whoever made them.
     *
     * @param count those of more than {@link #LONG_NS}
     * @param longestNs of all
     */
    record Figures(long count, long longestNs) {
        static final Figures NONE = new Figures(0, 0);

        /** With one more break. */
        Figures with(long ns) {
            return and(new Figures(ns > LONG_NS ? 1 : 0, ns));
        }

        /** Those of both. */
        Figures and(Figures other) {
            return new Figures(count + other.count, Math.max(longestNs, other.longestNs));
        }
    }

    private boolean started;
    private long lastNs;
    private long count;
    private long longestNs;

    /** The thread is here. */
    void tick() {
        long nowNs = System.nanoTime();
        if (started) {
            add(nowNs - lastNs);
        }
        started = true;
        lastNs = nowNs;
    }

    /** It was away for so long. */
    void add(long ns) {
        count += ns > LONG_NS ? 1 : 0;
        longestNs = Math.max(longestNs, ns);
    }

    Figures figures() {
        return new Figures(count, longestNs);
    }
}
