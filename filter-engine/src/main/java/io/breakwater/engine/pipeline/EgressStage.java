package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;

/**
 * Sends what is to be forwarded, counts every frame's fate once, and gives its memory back. In arrival order.
 *
 * <p><b>Thread:</b> egress.
 */
final class EgressStage implements FrameStage {
    private final EgressLane inbound;
    private final EgressLane outbound;
    private final FrameSource source;
    private final FrameObserver observer;
    private final FaultLimiter faults;

    EgressStage(
            EgressLane inbound, EgressLane outbound, FrameSource source, FrameObserver observer, FaultLimiter faults) {
        this.inbound = inbound;
        this.outbound = outbound;
        this.source = source;
        this.observer = observer;
        this.faults = faults;
    }

    @Override
    public void onIdle() {}

    @Override
    @HotPath
    public void onBatch(FrameSlot[] frames, int count) {
        for (int i = 0; i < count; i++) {
            onFrame(frames[i]);
        }
        endBatch(inbound);
        endBatch(outbound);
    }

    @HotPath
    private void onFrame(FrameSlot slot) {
        EgressLane lane = slot.lane() == Lane.INBOUND ? inbound : outbound;
        int reason = slot.verdict() == Verdict.FORWARD ? trySend(lane, slot) : slot.verdict();
        if (reason == 0) {
            lane.onForwarded(slot);
        } else {
            lane.onDropped(slot, reason);
        }
        finish(slot, reason);
    }

    private int trySend(EgressLane lane, FrameSlot slot) {
        try {
            return lane.send(slot) ? 0 : Reasons.EGRESS;
        } catch (Throwable e) {
            faults.onError("egress", e);
            return Reasons.INTERNAL;
        }
    }

    /** The frame's fate is counted by now, so an error here is an event and nothing more. */
    private void finish(FrameSlot slot, int reason) {
        try {
            observer.onSettled(slot, reason);
            source.release(slot);
        } catch (Throwable e) {
            faults.onError("egress", e);
        }
    }

    private void endBatch(EgressLane lane) {
        try {
            lane.onBatchEnd();
        } catch (Throwable e) {
            faults.onError("egress", e);
        }
    }
}
