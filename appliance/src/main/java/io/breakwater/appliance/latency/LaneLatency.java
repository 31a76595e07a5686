package io.breakwater.appliance.latency;

import io.breakwater.engine.measure.LatencyRecorder;
import org.HdrHistogram.Histogram;

/**
 * One lane's latency since start, gathered from its recorder.
 *
 * <p><b>Thread:</b> any; synchronized. The data path only ever touches the recorder.
 */
public final class LaneLatency {
    private final LatencyRecorder recorder;
    private final Histogram total = LatencyRecorder.emptyHistogram();

    public LaneLatency(LatencyRecorder recorder) {
        this.recorder = recorder;
    }

    /** A copy of everything recorded so far, in nanoseconds. */
    public synchronized Histogram total() {
        recorder.drainInto(total);
        return total.copy();
    }
}
