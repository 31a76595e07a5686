package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;
import org.jspecify.annotations.Nullable;

/** How a source fills the ring: claims slots one by one; the rx loop publishes them together. Thread: rx. */
public interface SlotWriter {
    /** Slots that can be claimed now. A source never reads more frames than this. */
    int free();

    /** The next slot, or null when the ring is full. A claimed slot must be wrapped. */
    @Nullable
    FrameSlot tryClaim();
}
