package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.LiteTimeoutBlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.EngineEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StageWorkerTest implements EngineEvents {
    private static final int SLOTS = 16;
    private static final int MAX_BATCH = 5;

    private final AtomicInteger index = new AtomicInteger();
    private final RingBuffer<FrameSlot> ring = RingBuffer.createSingleProducer(
            () -> new FrameSlot(index.getAndIncrement()),
            SLOTS,
            new LiteTimeoutBlockingWaitStrategy(20, TimeUnit.MILLISECONDS));
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final Recording stage = new Recording();
    private final StageWorker worker = worker(new Sequence[0]);

    /** Keeps what it is given, and stops or fails where it is told to. */
    private static final class Recording implements FrameStage {
        private final List<Integer> seen = new CopyOnWriteArrayList<>();
        private final List<Integer> batches = new CopyOnWriteArrayList<>();
        private final CountDownLatch idle = new CountDownLatch(3);
        private volatile boolean failing;

        @Override
        public void onIdle() {
            idle.countDown();
            if (failing) {
                throw new IllegalStateException("idle");
            }
        }

        @Override
        public void onBatch(FrameSlot[] frames, int count) {
            batches.add(count);
            for (int i = 0; i < count; i++) {
                seen.add(frames[i].index());
            }
            if (failing) {
                failing = false;
                throw new IllegalStateException("batch");
            }
        }
    }

    private StageWorker worker(Sequence[] behind) {
        return new StageWorker(ring, behind, stage, MAX_BATCH, new FaultLimiter(this, () -> {}));
    }

    @Override
    public void onInternalError(String name, Throwable cause) {
        errors.add(cause);
    }

    @Override
    public void onTooManyInternalErrors() {}

    private void publish(int frames) {
        long high = ring.next(frames);
        ring.publish(high - frames + 1, high);
    }

    private static void awaitSequence(StageWorker worker, long sequence) throws InterruptedException {
        while (worker.getSequence().get() < sequence) {
            Thread.sleep(1);
        }
    }

    @Test
    void shouldGiveTheStageAllFramesInOrderAtMostABatchAtATime() throws InterruptedException {
        publish(12);
        Thread thread = Thread.ofPlatform().start(worker);

        awaitSequence(worker, 11);
        publish(1);
        awaitSequence(worker, 12);
        worker.halt();
        thread.join();

        assertThat(stage.batches).containsExactly(5, 5, 2, 1);
        assertThat(stage.seen).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Test
    void shouldTakeOnlyWhatTheStageBeforeHasPassed() throws InterruptedException {
        Sequence before = new Sequence();
        StageWorker second = worker(new Sequence[] {before});
        publish(4);
        Thread thread = Thread.ofPlatform().start(second);
        // Frames are published, so the wait strategy spins for the stage before and nothing tells that it does.
        Thread.sleep(50);

        assertThat(stage.seen).isEmpty();
        before.set(1);
        awaitSequence(second, 1);
        second.halt();
        thread.join();

        assertThat(stage.seen).containsExactly(0, 1);
    }

    @Test
    void shouldEndWhileItWaitsForFrames() throws InterruptedException {
        Thread thread = Thread.ofPlatform().start(worker);
        stage.idle.await();
        assertThat(worker.isRunning()).isTrue();

        worker.halt();
        thread.join();

        assertThat(worker.isRunning()).isFalse();
    }

    /** A pipeline whose source ends at once halts its workers before their threads have begun. */
    @Test
    void shouldEndAtOnceIfItWasHaltedBeforeItRan() throws InterruptedException {
        publish(1);
        worker.halt();

        Thread.ofPlatform().start(worker).join();

        assertThat(stage.seen).isEmpty();
        assertThat(worker.isRunning()).isFalse();
    }

    @Test
    void shouldGoOnAfterABatchAtWhichTheStageFailed() throws InterruptedException {
        stage.failing = true;
        publish(7);
        Thread thread = Thread.ofPlatform().start(worker);

        awaitSequence(worker, 6);
        worker.halt();
        thread.join();

        assertThat(stage.seen).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(errors).singleElement().extracting(Throwable::getMessage).isEqualTo("batch");
    }

    @Test
    void shouldGoOnAfterTheStageFailedWithNothingToDo() throws InterruptedException {
        stage.failing = true;
        Thread thread = Thread.ofPlatform().start(worker);
        stage.idle.await();
        stage.failing = false;

        publish(1);
        awaitSequence(worker, 0);
        worker.halt();
        thread.join();

        assertThat(stage.seen).containsExactly(0);
        assertThat(errors).extracting(Throwable::getMessage).contains("idle");
    }
}
