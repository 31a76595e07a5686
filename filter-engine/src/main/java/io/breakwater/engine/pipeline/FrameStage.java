package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;

/** One stage behind the ring. Thread: the worker it is given to; the same for all calls. */
interface FrameStage {
    /** No frame has come for a while: what is otherwise done before a batch must not wait for ever. */
    void onIdle();

    /**
     * Deals with the frames that are there, in arrival order.
     *
     * @param frames the batch; whose array it is, it may be used only during the call
     * @param count frames in it, from index 0, at least 1
     */
    void onBatch(FrameSlot[] frames, int count);

    /** Two stages on one worker: each batch passes both before the next. */
    static FrameStage fused(FrameStage first, FrameStage second) {
        return new FrameStage() {
            @Override
            public void onIdle() {
                first.onIdle();
                second.onIdle();
            }

            @Override
            public void onBatch(FrameSlot[] frames, int count) {
                first.onBatch(frames, count);
                second.onBatch(frames, count);
            }
        };
    }
}
