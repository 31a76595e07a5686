package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameSlot;

/**
 * A classifier whose answer depends on the frame and the policy alone, so that another thread may ask beforehand whether it
 * has one.
 *
 * <p><b>Thread:</b> {@link #passes} any.
 */
public interface StatelessClassifier extends Classifier {
    /**
     * Whether {@link #classify} would leave the frame {@link Verdict#UNSETTLED} and count nothing.
     *
     * @param frame decoded, status {@code IP}
     */
    boolean passes(FrameSlot frame);
}
