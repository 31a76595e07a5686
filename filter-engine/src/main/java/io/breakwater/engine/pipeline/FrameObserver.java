package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;

/**
 * Is shown every frame once its fate is final (forwarded, or dropped for a reason), while its bytes are still there.
 *
 * <p><b>Thread:</b> egress. Must not block; on a live lane must not allocate.
 */
public interface FrameObserver {
    /**
     * Called once per frame, in arrival order.
     *
     * @param slot the frame
     * @param reason 0 if it was forwarded, else the reason's id
     */
    void onSettled(FrameSlot slot, int reason);
}
