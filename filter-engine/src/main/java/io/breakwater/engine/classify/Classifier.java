package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameSlot;

/**
 * One step of a chain: looks at a decoded IP frame and may settle its verdict.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone. Never throws on hostile input, never allocates.
 */
public interface Classifier {
    /**
     * Judges one frame.
     *
     * @param frame decoded, status {@code IP}
     * @param nowNs the lane's clock in nanoseconds; never decreases; its origin is arbitrary, so only differences count
     * @return {@link Verdict#UNSETTLED}, {@link Verdict#FORWARD}, or the id of the reason to drop it for
     */
    int classify(FrameSlot frame, long nowNs);
}
