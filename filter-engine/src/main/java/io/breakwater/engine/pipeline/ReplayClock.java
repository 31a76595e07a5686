package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;

/**
 * The clock of a replayed capture: driven by the frames' stamps alone, so that the same capture always gives the same
 * verdicts. Never goes back.
 *
 * <p>A stamp up to 1 s behind the largest adds nothing: captures of several queues step back by micro- or milliseconds.
 * One further behind re-bases the clock: another capture, or another day, begins, and time goes on from where it stood.
 *
 * <p><b>Thread:</b> the filter worker.
 */
@HotPath
final class ReplayClock {
    private static final long TOLERANCE_NS = 1_000_000_000L;

    /**
     * A longer jump counts as ten years: more than any hold, idle time or window of a policy, and so little that captures
     * which jump by a century and back again dozens of times do not wrap the clock. Damaged stamps do that.
     */
    private static final long MAX_STEP_NS = 10L * 365 * 24 * 3600 * 1_000_000_000L;

    private boolean started;
    private long largestStampNs;
    private long nowNs;

    /**
     * Moves the clock to a frame's stamp.
     *
     * @param stampNs nanoseconds since any origin
     * @return the clock, in nanoseconds; only differences count
     */
    long advance(long stampNs) {
        if (!started) {
            started = true;
            largestStampNs = stampNs;
            return nowNs;
        }
        long step = stampNs - largestStampNs;
        if (step > 0) {
            nowNs += Math.min(step, MAX_STEP_NS);
            largestStampNs = stampNs;
        } else if (step < -TOLERANCE_NS) {
            largestStampNs = stampNs;
        }
        return nowNs;
    }
}
