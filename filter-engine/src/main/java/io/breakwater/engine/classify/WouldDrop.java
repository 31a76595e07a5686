package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameSlot;

/** Where a rule in monitor mode, or one that only alerts, says that it would have dropped a frame. */
public interface WouldDrop {
    /** Counts {@code frame} under {@code reason}; the frame itself goes on. */
    void count(int reason, FrameSlot frame);
}
