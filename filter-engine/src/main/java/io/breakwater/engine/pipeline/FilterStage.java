package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;

/** Decodes and judges each frame. Thread: filter. */
final class FilterStage implements FrameStage {
    private final Lanes lanes;
    private final FaultLimiter faults;
    private final boolean replay;
    private final ReplayClock replayClock = new ReplayClock();
    private long nowNs;

    FilterStage(Lanes lanes, FaultLimiter faults, boolean replay) {
        this.lanes = lanes;
        this.faults = faults;
        this.replay = replay;
    }

    @Override
    public void onIdle() {
        onBatchStart();
    }

    /** Live, the clock is CLOCK_MONOTONIC once per batch: never the wall clock, which steps. */
    @Override
    @HotPath
    public void onBatchStart() {
        if (!replay) {
            nowNs = System.nanoTime();
        }
        lanes.onBatchStart(nowNs);
    }

    @Override
    @HotPath
    public void onFrame(FrameSlot slot) {
        if (replay) {
            nowNs = replayClock.advance(slot.timestampNs());
        }
        boolean decoded = tryDecode(slot);
        LaneFilter filter = lanes.of(slot);
        filter.counters().received(slot);
        if (!decoded || !tryJudge(filter, slot)) {
            slot.verdict(Reasons.INTERNAL);
        }
    }

    private boolean tryDecode(FrameSlot slot) {
        try {
            FrameDecoder.decode(slot);
            return true;
        } catch (Throwable e) {
            faults.onError("filter", e);
            return false;
        }
    }

    private boolean tryJudge(LaneFilter filter, FrameSlot slot) {
        try {
            filter.judge(slot, nowNs);
            return true;
        } catch (Throwable e) {
            faults.onError("filter", e);
            return false;
        }
    }

    @Override
    public void onBatchEnd() {}
}
