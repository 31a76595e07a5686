package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.measure.Reasons;

/**
 * Decodes those frames of a batch that rx has not decoded ({@link RxStage}), then judges them one after the other: each
 * sees what the ones before it changed.
 *
 * <p><b>Why</b> in this order: once all are decoded, the tables can be asked for all of them at once, and the memory that
 * they lie in comes while others are waited for ({@link RateLimiter#lookAhead}).
 *
 * <p><b>Thread:</b> filter.
 */
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

    /** In pieces, so that what is looked up ahead is still in the nearest cache when it is needed. */
    @Override
    @HotPath
    public void onBatch(FrameSlot[] frames, int count) {
        onBatchStart();
        for (int from = 0; from < count; from += RateLimiter.MAX_AHEAD) {
            onPiece(frames, from, Math.min(count, from + RateLimiter.MAX_AHEAD));
        }
    }

    /** Live, the clock is CLOCK_MONOTONIC once per batch: never the wall clock, which steps. */
    @HotPath
    private void onBatchStart() {
        if (!replay) {
            nowNs = System.nanoTime();
        }
        lanes.onBatchStart(nowNs);
    }

    @HotPath
    private void onPiece(FrameSlot[] frames, int from, int to) {
        for (int i = from; i < to; i++) {
            receive(frames[i]);
        }
        tryLookAhead(frames, from, to);
        for (int i = from; i < to; i++) {
            settle(frames[i]);
        }
    }

    @HotPath
    private void receive(FrameSlot slot) {
        boolean decoded = slot.isDecoded() || tryDecode(slot);
        slot.verdict(decoded ? Verdict.UNSETTLED : Reasons.INTERNAL);
        tryExpect(slot, decoded);
        lanes.of(slot).receive(slot);
    }

    /** Also of a frame that could not be decoded the lane has to be known. */
    private void tryExpect(FrameSlot slot, boolean decoded) {
        try {
            if (slot.preclassifiedBy() == FrameSlot.NOT_PRECLASSIFIED) {
                lanes.preclassify(slot);
            }
            if (decoded) {
                lanes.of(slot).expect(slot);
            }
        } catch (Throwable e) {
            slot.forgetMatchingLimits();
            faults.onError("filter", e);
        }
    }

    @HotPath
    private void settle(FrameSlot slot) {
        if (replay) {
            nowNs = replayClock.advance(slot.timestampNs());
        }
        if (slot.verdict() == Verdict.UNSETTLED && !tryJudge(slot)) {
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

    private void tryLookAhead(FrameSlot[] frames, int from, int to) {
        try {
            lanes.lookAhead(nowNs);
        } catch (Throwable e) {
            for (int i = from; i < to; i++) {
                frames[i].forgetMatchingLimits();
            }
            faults.onError("filter", e);
        }
    }

    private boolean tryJudge(FrameSlot slot) {
        try {
            lanes.judge(slot, nowNs);
            return true;
        } catch (Throwable e) {
            faults.onError("filter", e);
            return false;
        }
    }
}
