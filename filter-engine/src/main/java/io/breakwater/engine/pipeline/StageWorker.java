package io.breakwater.engine.pipeline;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.EventProcessor;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/**
 * Runs a stage on a thread of its own, behind a barrier of the ring: a batch at a time, at most as many frames as a poll
 * reads.
 *
 * <p><b>Why</b> not Disruptor's {@code BatchEventProcessor}: it hands over each frame by a call of its own, and the first
 * read of a slot, which the other core has just written, waited for the one before. Here slots are taken in a loop of a few
 * instructions, so that their transfers overlap. Measured: docs/adr/0004-frames-are-judged-a-batch-at-a-time.md.
 */
final class StageWorker implements EventProcessor {
    private final RingBuffer<FrameSlot> ring;
    private final SequenceBarrier barrier;
    private final FrameStage stage;
    private final FaultLimiter faults;
    private final FrameSlot[] batch;
    private final Sequence sequence = new Sequence();
    private volatile boolean running;
    private volatile boolean halted;

    /**
     * @param behind sequences of the stages that come before; none: behind what is published
     * @param maxBatch frames that the stage gets at a time, at most
     */
    StageWorker(RingBuffer<FrameSlot> ring, Sequence[] behind, FrameStage stage, int maxBatch, FaultLimiter faults) {
        this.ring = ring;
        this.barrier = ring.newBarrier(behind);
        this.stage = stage;
        this.faults = faults;
        this.batch = new FrameSlot[maxBatch];
    }

    /** Frames up to this one have passed the stage. */
    @Override
    public Sequence getSequence() {
        return sequence;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Ends {@link #run}, also one that begins only later. Thread: any. */
    @Override
    public void halt() {
        halted = true;
        barrier.alert();
    }

    @Override
    public void run() {
        running = true;
        try {
            while (!halted) {
                turn();
            }
        } finally {
            running = false;
        }
    }

    /** Waits for frames, or for as long as the wait strategy does. */
    private void turn() {
        long available;
        try {
            available = barrier.waitFor(sequence.get() + 1);
        } catch (TimeoutException e) {
            tryIdle();
            return;
        } catch (AlertException | InterruptedException e) {
            // Halted; nobody interrupts a worker.
            return;
        }
        onAvailable(available);
    }

    @HotPath
    private void onAvailable(long available) {
        long first = sequence.get() + 1;
        long last = Math.min(available, first + batch.length - 1);
        if (last >= first) {
            tryBatch(collect(ring, first, last, batch));
            sequence.set(last);
        }
    }

    /** Takes the slots of these sequences, in a loop of their own. Answers how many. */
    @HotPath
    static int collect(RingBuffer<FrameSlot> ring, long first, long last, FrameSlot[] into) {
        int count = 0;
        for (long next = first; next <= last; next++) {
            into[count++] = ring.get(next);
        }
        return count;
    }

    /** The stages catch what a frame makes them throw; this catches the rest, so that the lane does not go dark. */
    private void tryBatch(int count) {
        try {
            stage.onBatch(batch, count);
        } catch (Throwable e) {
            faults.onError("worker", e);
        }
    }

    private void tryIdle() {
        try {
            stage.onIdle();
        } catch (Throwable e) {
            faults.onError("worker", e);
        }
    }
}
