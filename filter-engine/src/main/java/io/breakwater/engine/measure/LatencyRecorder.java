package io.breakwater.engine.measure;

import io.breakwater.engine.HotPath;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * How long forwarded frames of one lane stayed in the box.
 *
 * <p><b>Thread:</b> {@link #record} by egress alone; {@link #drainInto} and the counter by one control thread at a
 * time.
 *
 * <p><b>Cost:</b> one recorder entry per run of equal latencies, not per frame: frames of one batch left together.
 */
public final class LatencyRecorder {
    /** Largest latency that is told apart, in nanoseconds; anything outside 0 to this is clamped and counted. */
    public static final long MAX_NS = 60_000_000_000L;

    /** Three decimal digits: an error below 0.1 %. */
    public static final int SIGNIFICANT_DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(MAX_NS, SIGNIFICANT_DIGITS);
    private final SingleWriterCounters clockErrors = new SingleWriterCounters(1);
    private @Nullable Histogram interval;

    /** Empty. */
    public LatencyRecorder() {}

    /** An empty histogram of the kind that {@link #drainInto} adds to. */
    public static Histogram emptyHistogram() {
        return new Histogram(MAX_NS, SIGNIFICANT_DIGITS);
    }

    /**
     * Records {@code count} frames of one latency.
     *
     * @param latencyNs nanoseconds; clamped to 0–60 s, and then counted as a clock error
     * @param count frames, at least 1
     */
    @HotPath
    public void record(long latencyNs, long count) {
        long clamped = Math.clamp(latencyNs, 0, MAX_NS);
        if (clamped != latencyNs) {
            clockErrors.add(0, count);
        }
        recorder.recordValueWithCount(clamped, count);
    }

    /** Adds everything recorded since the last call to {@code total}. */
    public synchronized void drainInto(Histogram total) {
        Histogram drained = recorder.getIntervalHistogram(interval);
        total.add(drained);
        interval = drained;
    }

    /** Frames whose latency lay outside 0–60 s: the clocks disagreed. */
    public long clockErrors() {
        return clockErrors.get(0);
    }
}
