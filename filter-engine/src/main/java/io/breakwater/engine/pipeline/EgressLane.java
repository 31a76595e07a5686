package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.LatencyRecorder;

/**
 * Where one lane's frames leave, and what is counted there.
 *
 * <p><b>Thread:</b> egress. Latency is taken when the batch has left, with one clock reading for all its frames; runs of
 * frames with one start share one entry.
 */
final class EgressLane {
    private final FrameSink sink;
    private final LaneCounters counters;
    private final LatencyRecorder latency;
    private final LatencyClock clock;
    private final long[] starts;
    private final int[] runs;
    private int used;

    EgressLane(FrameSink sink, LaneCounters counters, LatencyRecorder latency, LatencyClock clock, int maxBatch) {
        this.sink = sink;
        this.counters = counters;
        this.latency = latency;
        this.clock = clock;
        this.starts = new long[maxBatch];
        this.runs = new int[maxBatch];
    }

    @HotPath
    boolean send(FrameSlot slot) {
        return sink.send(slot);
    }

    @HotPath
    void onForwarded(FrameSlot slot) {
        counters.forwarded(slot);
        long startNs = clock.startNs(slot);
        if (used > 0 && starts[used - 1] == startNs) {
            runs[used - 1]++;
            return;
        }
        if (used == starts.length) {
            recordRuns();
        }
        starts[used] = startNs;
        runs[used] = 1;
        used++;
    }

    @HotPath
    void onDropped(FrameSlot slot, int reason) {
        counters.dropped(slot, reason);
    }

    void onIdle() {
        sink.onIdle();
    }

    @HotPath
    void onBatchEnd() {
        sink.flush();
        if (used > 0) {
            recordRuns();
        }
    }

    private void recordRuns() {
        long endNs = clock.nowNs();
        for (int i = 0; i < used; i++) {
            latency.record(endNs - starts[i], runs[i]);
        }
        used = 0;
    }
}
