package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;
import java.io.IOException;

/** Where frames come from: a card's receive side, or a capture. */
public interface FrameSource extends AutoCloseable {
    /** What {@link #poll} answers when there will never be another frame. */
    int END = -1;

    /** For errors and metrics: the interface or file. */
    String name();

    /**
     * Reads what is there into slots, at most {@code limit} frames, waiting some tens of milliseconds at most when there is
     * nothing. Slots that were filled before an exception stay filled.
     *
     * <p><b>Thread:</b> rx.
     *
     * @return frames read, 0 if none was there, or {@link #END}
     * @throws IOException if the source failed for good; the message says the next step
     */
    int poll(SlotWriter slots, int limit) throws IOException;

    /**
     * Takes back the memory of a slot that this source wrapped. Called once for each slot, in order, when the frame is
     * no longer needed. <b>Thread:</b> egress.
     */
    default void release(FrameSlot slot) {}

    @Override
    void close();
}
