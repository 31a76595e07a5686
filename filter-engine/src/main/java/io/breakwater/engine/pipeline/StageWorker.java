package io.breakwater.engine.pipeline;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.DataProvider;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.SequenceBarrier;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/** Runs a stage on a thread of its own, behind a barrier of the ring. */
final class StageWorker implements EventHandler<FrameSlot> {
    private final FrameStage stage;
    private final FrameSlot[] batch;
    private int count;

    private StageWorker(FrameStage stage, int maxBatch) {
        this.stage = stage;
        this.batch = new FrameSlot[maxBatch];
    }

    static BatchEventProcessor<FrameSlot> processor(
            DataProvider<FrameSlot> ring,
            SequenceBarrier barrier,
            FrameStage stage,
            int maxBatch,
            FaultLimiter faults) {
        BatchEventProcessor<FrameSlot> processor = new BatchEventProcessorBuilder()
                .setMaxBatchSize(maxBatch)
                .build(ring, barrier, new StageWorker(stage, maxBatch));
        processor.setExceptionHandler(new LaneStaysAlive(faults));
        return processor;
    }

    @Override
    @HotPath
    public void onEvent(FrameSlot slot, long sequence, boolean endOfBatch) {
        batch[count++] = slot;
        if (endOfBatch) {
            int complete = count;
            count = 0;
            stage.onBatch(batch, complete);
        }
    }

    @Override
    public void onTimeout(long sequence) {
        stage.onIdle();
    }

    /**
     * The stages catch what a frame makes them throw; this catches the rest.
     *
     * <p><b>Why:</b> Disruptor's default handler rethrows, which ends the worker and leaves the lane dark.
     */
    private record LaneStaysAlive(FaultLimiter faults) implements ExceptionHandler<FrameSlot> {
        @Override
        public void handleEventException(Throwable e, long sequence, FrameSlot slot) {
            faults.onError("worker", e);
        }

        @Override
        public void handleOnStartException(Throwable e) {
            faults.onError("worker", e);
        }

        @Override
        public void handleOnShutdownException(Throwable e) {
            faults.onError("worker", e);
        }
    }
}
