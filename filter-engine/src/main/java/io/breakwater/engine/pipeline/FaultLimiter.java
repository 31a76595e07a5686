package io.breakwater.engine.pipeline;

import io.breakwater.engine.measure.EngineEvents;

/**
 * Counts internal errors of one lane and asks for a stop when they come too fast. Thread: any worker of the lane.
 *
 * <p><b>Why</b> a lane survives an error: an exception that ends a worker leaves the lane dark, which is what the
 * attacker who found the bug wants.
 */
final class FaultLimiter {
    private static final int MAX_PER_SECOND = 10;
    private static final long SECOND_NS = 1_000_000_000L;

    private final EngineEvents events;
    private final Runnable stop;
    private long windowStartNs;
    private int inWindow;

    FaultLimiter(EngineEvents events, Runnable stop) {
        this.events = events;
        this.stop = stop;
    }

    synchronized void onError(String stage, Throwable cause) {
        if (cause instanceof OutOfMemoryError outOfMemory) {
            throw outOfMemory;
        }
        long nowNs = System.nanoTime();
        if (inWindow == 0 || nowNs - windowStartNs > SECOND_NS) {
            windowStartNs = nowNs;
            inWindow = 0;
        }
        inWindow++;
        if (inWindow <= MAX_PER_SECOND) {
            events.onInternalError(stage, cause);
        } else if (inWindow == MAX_PER_SECOND + 1) {
            events.onTooManyInternalErrors();
            stop.run();
        }
    }
}
