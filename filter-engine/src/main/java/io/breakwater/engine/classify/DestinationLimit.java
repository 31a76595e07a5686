package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameSlot;

/** One token bucket per destination address: the budget of a vector, or of fragments whose first is unknown. */
public interface DestinationLimit {
    /**
     * Takes the frame's tokens from its destination's bucket.
     *
     * @param discriminator keeps buckets of one destination apart, such as a vector's port
     * @return whether the bucket held them
     */
    boolean allows(FrameSlot frame, int discriminator, long nowNs);
}
