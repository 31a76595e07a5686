package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;

/** Where forwarded frames go: a card's transmit side, or a capture file. Thread of all methods: egress. */
public interface FrameSink {
    /** For errors and metrics: the interface or file. */
    String name();

    /**
     * Sends a frame, or puts it into the batch that {@link #flush} sends. Retries within bounds when the card is busy.
     *
     * @return false if the frame could not leave (link down, too large, no room): it counts as {@code egress}
     */
    boolean send(FrameSlot slot);

    /** The batch is complete: everything sent so far leaves now. */
    default void flush() {}

    /** No frame has come for a while, and none is under way: what sending left to do must not wait for the next one. */
    default void onIdle() {}
}
