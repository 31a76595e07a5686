package io.breakwater.engine.pipeline;

import com.lmax.disruptor.LiteTimeoutBlockingWaitStrategy;
import com.lmax.disruptor.PhasedBackoffWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.LatencyRecorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One ring with its stages: frames of one source are decoded, judged and sent, in arrival order.
 *
 * <p>Every frame that was read gets exactly one fate, also while stopping: received = forwarded + dropped at rest.
 *
 * <p><b>Thread:</b> {@link #start}, {@link #stop} and {@link #awaitEnd} from control threads; the stages on the threads
 * that {@link PipelineSettings#threads} says.
 */
public final class Pipeline {
    /** A ring is full, or the last frames are still under way: how long to sleep before looking again. Unmeasured. */
    private static final long BACK_OFF_NS = 20_000;

    private final PipelineSettings settings;
    private final RingBuffer<FrameSlot> ring;
    private final RxStage rx;
    private final FrameStage fused;
    private final Sequence fusedSequence = new Sequence();
    private final FrameSlot[] fusedBatch;
    private final List<StageWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong turns = new AtomicLong();
    private boolean ended;
    private volatile boolean stopRequested;
    private volatile @Nullable IOException failure;

    /** What leaves by one lane, and how it is measured. */
    public record Egress(FrameSink sink, LaneCounters counters, LatencyRecorder latency) {}

    /**
     * Sets everything up; nothing runs yet.
     *
     * @param source where frames come from; the caller closes it after the end
     * @param lanes who judges them
     * @param inbound where inbound frames leave
     * @param outbound where outbound frames leave
     * @param observer shown every frame at egress
     * @param events told of internal errors
     */
    public Pipeline(
            PipelineSettings settings,
            FrameSource source,
            Lanes lanes,
            Egress inbound,
            Egress outbound,
            FrameObserver observer,
            EngineEvents events) {
        this.settings = settings;
        this.ring = newRing(settings);
        this.rx = new RxStage(ring, source, lanes, settings.maxBatch());
        FaultLimiter faults = new FaultLimiter(events, this::requestStop);
        FrameStage filter = new FilterStage(lanes, faults, settings.replay());
        EgressLane leavingInbound = egressLane(inbound);
        EgressLane leavingOutbound = outbound.equals(inbound) ? leavingInbound : egressLane(outbound);
        FrameStage egress = new EgressStage(leavingInbound, leavingOutbound, source, observer, faults);
        this.fused = FrameStage.fused(filter, egress);
        this.fusedBatch = new FrameSlot[settings.maxBatch()];
        switch (settings.threads()) {
            case 1 -> ring.addGatingSequences(fusedSequence);
            case 2 -> addWorker(fused, faults);
            default -> {
                addWorker(filter, faults);
                addWorker(egress, faults);
            }
        }
    }

    private static RingBuffer<FrameSlot> newRing(PipelineSettings settings) {
        int[] index = {0};
        return RingBuffer.createSingleProducer(
                () -> new FrameSlot(index[0]++), settings.ringSlots(), waitStrategy(settings));
    }

    /**
     * Replay wants throughput and has an end, so it yields; a live worker spins, yields, and then sleeps until it is
     * woken, so that a quiet line costs next to nothing: ten wake-ups a second, at which the filter takes in what the
     * other lane asked.
     */
    private static WaitStrategy waitStrategy(PipelineSettings settings) {
        return settings.replay()
                ? new YieldingWaitStrategy()
                : new PhasedBackoffWaitStrategy(
                        20,
                        100,
                        TimeUnit.MICROSECONDS,
                        new LiteTimeoutBlockingWaitStrategy(100, TimeUnit.MILLISECONDS));
    }

    private EgressLane egressLane(Egress egress) {
        return new EgressLane(
                egress.sink(), egress.counters(), egress.latency(), settings.latency(), settings.maxBatch());
    }

    /** Adds a worker behind those that are there. */
    private void addWorker(FrameStage stage, FaultLimiter faults) {
        Sequence[] behind = workers.isEmpty()
                ? new Sequence[0]
                : new Sequence[] {workers.getLast().getSequence()};
        workers.add(new StageWorker(ring, behind, stage, settings.maxBatch(), faults));
    }

    /** Slots of the ring: what a copying source needs memory for. */
    public int ringSlots() {
        return ring.getBufferSize();
    }

    /** Share of the ring that holds frames under way, 0 to 1. */
    public double occupancyRatio() {
        return 1.0 - (double) ring.remainingCapacity() / ring.getBufferSize();
    }

    /** Starts the threads. */
    public void start() {
        start(Thread::new);
    }

    /** The same, with threads of the caller's making: pinned to cores, say. */
    public void start(ThreadFactory factory) {
        if (!workers.isEmpty()) {
            ring.addGatingSequences(workers.getLast().getSequence());
        }
        String[] roles = workers.size() == 1 ? new String[] {"filter"} : new String[] {"filter", "egress"};
        for (int i = 0; i < workers.size(); i++) {
            startThread(factory, roles[i], workers.get(i));
        }
        startThread(factory, settings.threads() == 1 ? "lane" : "rx", this::pump);
    }

    private void startThread(ThreadFactory factory, String role, Runnable work) {
        Thread thread = factory.newThread(work);
        thread.setName(role + "-" + settings.name());
        threads.add(thread);
        thread.start();
    }

    /** The rx loop: until the source ends or fails, or a stop is asked for; then waits for the last frame's fate. */
    private void pump() {
        int polled = 0;
        while (polled != FrameSource.END) {
            polled = turn();
            if (polled == 0 && !workers.isEmpty() && ring.remainingCapacity() == 0) {
                LockSupport.parkNanos(BACK_OFF_NS);
            }
        }
    }

    /**
     * One poll and, where the stages are fused, the fate of what it read. The last turn waits for the last frame's fate.
     *
     * @return frames read, or {@link FrameSource#END} once the pipeline has ended
     */
    int turn() {
        if (ended) {
            return FrameSource.END;
        }
        turns.lazySet(turns.getPlain() + 1);
        int polled = stopRequested ? FrameSource.END : tryPoll();
        if (polled == FrameSource.END) {
            ended = true;
            finish();
        } else if (workers.isEmpty()) {
            runFused(polled);
        }
        return polled;
    }

    private int tryPoll() {
        try {
            return rx.poll();
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException("internal error while reading frames: " + e, e);
        }
        return FrameSource.END;
    }

    /** For a loop that turns several pipelines: all stages are fused, and {@link #start} is never called. */
    boolean isFused() {
        return workers.isEmpty();
    }

    private void runFused(int polled) {
        if (polled == 0) {
            fused.onIdle();
            return;
        }
        // A poll publishes at most one batch, and each is dealt with before the next poll.
        long last = ring.getCursor();
        int count = StageWorker.collect(ring, fusedSequence.get() + 1, last, fusedBatch);
        fused.onBatch(fusedBatch, count);
        fusedSequence.set(last);
    }

    private void finish() {
        if (workers.isEmpty()) {
            runFused((int) (ring.getCursor() - fusedSequence.get()));
            return;
        }
        Sequence last = workers.getLast().getSequence();
        while (last.get() < ring.getCursor()) {
            LockSupport.parkNanos(BACK_OFF_NS);
        }
        for (StageWorker worker : workers) {
            worker.halt();
        }
    }

    /** How often the source was asked for frames, whether it had some or not: it answers within some tens of milliseconds. */
    public long turns() {
        return turns.get();
    }

    /** Asks the pipeline to read no more; what was read gets its fate. */
    public void requestStop() {
        stopRequested = true;
    }

    /** Waits until every thread has ended. */
    public void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Waits as {@link #awaitEnd()} does, but not longer than {@code atMost}; answers whether every thread has ended. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofNanos(deadlineNs - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /** Stops reading and waits until what was read has its fate. */
    public void stop() throws InterruptedException {
        requestStop();
        awaitEnd();
    }

    /** Why the source ended early; null if it did not. */
    public @Nullable IOException failure() {
        return failure;
    }
}
