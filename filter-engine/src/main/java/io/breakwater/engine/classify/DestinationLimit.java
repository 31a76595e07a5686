package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameSlot;

/** One token bucket per destination address: the budget of a vector, or of fragments whose first is unknown. */
public interface DestinationLimit {
    /**
     * Takes the frame's tokens from its destination's bucket.
     *
     * @return whether the bucket held them
     */
    boolean allows(FrameSlot frame, long nowNs);
}
