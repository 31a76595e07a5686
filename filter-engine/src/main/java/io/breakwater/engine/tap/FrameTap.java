package io.breakwater.engine.tap;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameObserver;
import org.jspecify.annotations.Nullable;

/**
 * What control threads see of one pipeline's frames.
 *
 * <p><b>Thread:</b> egress.
 */
public final class FrameTap implements FrameObserver {
    private final TrafficTap traffic;
    private final @Nullable DropTap drops;

    /** @param drops takes dropped frames, or null */
    public FrameTap(TrafficTap traffic, @Nullable DropTap drops) {
        this.traffic = traffic;
        this.drops = drops;
    }

    @Override
    @HotPath
    public void onSettled(FrameSlot slot, int reason) {
        traffic.onSettled(slot, reason);
        if (reason != 0 && drops != null) {
            drops.onDropped(slot, reason);
        }
    }
}
