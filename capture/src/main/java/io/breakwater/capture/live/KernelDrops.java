package io.breakwater.capture.live;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames that were lost before Java could read them: for want of room, or in the card. Never goes back, also not when the
 * port is opened again.
 *
 * <p><b>Thread:</b> any; rx takes the lock only when a handle or socket opens or closes.
 */
public final class KernelDrops {
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** What counts for as long as a port is open. Called under a lock. */
    @FunctionalInterface
    public interface Counter {
        /**
         * Frames lost since it began.
         *
         * @throws IOException if it cannot be asked any more: what it said last stands
         */
        long lost() throws IOException;
    }

    private @Nullable Counter counter;
    private long total;
    private long before;
    private long sampledNs = System.nanoTime() - SAMPLE_NS;

    /** Nothing is lost yet. */
    public KernelDrops() {}

    /** From now on this counts, from 0. */
    public synchronized void follow(Counter opened) {
        counter = opened;
        before = 0;
    }

    /** What is followed is about to close: keeps what it counted. */
    public synchronized void leave() {
        sample();
        counter = null;
    }

    /** All so far; asks the kernel at most four times a second. */
    public synchronized long total() {
        long nowNs = System.nanoTime();
        if (nowNs - sampledNs >= SAMPLE_NS) {
            sampledNs = nowNs;
            sample();
        }
        return total;
    }

    private void sample() {
        if (counter == null) {
            return;
        }
        try {
            long now = counter.lost();
            total += now - before;
            before = now;
        } catch (IOException gone) {
            counter = null;
        }
    }
}
