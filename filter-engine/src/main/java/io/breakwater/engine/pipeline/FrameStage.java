package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;

/** One stage behind the ring. Thread: the worker it is given to; the same for all calls. */
interface FrameStage {
    /** No frame has come for a while: what is otherwise done before a batch must not wait for ever. */
    void onIdle();

    void onBatchStart();

    void onFrame(FrameSlot slot);

    void onBatchEnd();

    /** Two stages on one worker: each frame passes both before the next. */
    static FrameStage fused(FrameStage first, FrameStage second) {
        return new FrameStage() {
            @Override
            public void onIdle() {
                first.onIdle();
                second.onIdle();
            }

            @Override
            public void onBatchStart() {
                first.onBatchStart();
                second.onBatchStart();
            }

            @Override
            public void onFrame(FrameSlot slot) {
                first.onFrame(slot);
                second.onFrame(slot);
            }

            @Override
            public void onBatchEnd() {
                first.onBatchEnd();
                second.onBatchEnd();
            }
        };
    }
}
