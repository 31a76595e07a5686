package io.breakwater.bench.replay;

import com.sun.management.ThreadMXBean;
import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.LoopSource;
import io.breakwater.bench.traffic.Tempo;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LatencyRecorder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One policy's engine, measured window by window; its tables stay as full as the last window left them.
 *
 * <p>Each window has a pipeline of its own, because a waiting one would spin and take a core from the others.
 *
 * <p><b>Thread:</b> one control thread; {@link #framesDone} any.
 */
public final class EngineRun {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Lent before the clock starts: the threads run and the caches are warm. */
    private static final long RAMP_FRAMES = 100_000;
    /** A ten-thousandth of a window of a second. */
    private static final long LOOK_NS = 100_000;

    private static final long REST_NS = 50_000_000;

    private final SafepointLog safepoints;
    private final FrameSet frames;
    private final int threads;
    private final Tempo tempo;
    private final PairEngine engine;
    private volatile @Nullable LoopSource source;

    EngineRun(BenchPolicy policy, FrameSet frames, int threads, Tempo tempo, SafepointLog safepoints) {
        this.safepoints = safepoints;
        this.frames = frames;
        this.threads = threads;
        this.tempo = tempo;
        this.engine = new PairEngine(policy.policy(), new Reasons(), PairEngine.Setup.REPLAY);
    }

    /** Frames of the present window so far. */
    public long framesDone() {
        LoopSource running = source;
        return running == null ? 0 : running.released();
    }

    /** Sends so many frames and measures. */
    public Window frames(long count) throws InterruptedException {
        return measure(count, 0);
    }

    /** Sends frames for so long and measures. */
    public Window lasting(long ns) throws InterruptedException {
        return measure(Long.MAX_VALUE - RAMP_FRAMES, ns);
    }

    private Window measure(long count, long ns) throws InterruptedException {
        LoopSource lending = new LoopSource(frames);
        source = lending;
        EnginePipeline pipeline = new EnginePipeline(engine, threads, lending);
        lending.lendUpTo(RAMP_FRAMES);
        pipeline.start();
        try {
            awaitReleased(lending, RAMP_FRAMES, pipeline);
            return window(lending, count, ns, pipeline);
        } finally {
            lending.end();
            pipeline.stop();
        }
    }

    private Window window(LoopSource lending, long count, long ns, EnginePipeline pipeline)
            throws InterruptedException {
        latency();
        IdleThread control = new IdleThread();
        long[] ids = pipelineThreads();
        long forwarded = forwarded();
        long dropped = dropped();
        long allocated = allocatedBytes(ids);
        long filterThread = filterThread();
        long cpuNs = THREADS.getThreadCpuTime(filterThread);
        pauses();
        control.start();
        Gaps dataPath = pipeline.watch();
        long startNs = System.nanoTime();
        lending.pace(tempo);
        lending.lendUpTo(RAMP_FRAMES + count);
        if (ns > 0) {
            sleep(startNs + ns, pipeline);
            lending.lendUpTo(0);
            // The batch that is being lent is counted when it is complete.
            LockSupport.parkNanos(LOOK_NS);
        }
        awaitReleased(lending, ns > 0 ? -1 : RAMP_FRAMES + count, pipeline);
        long tookNs = System.nanoTime() - startNs;
        return new Window(
                lending.released() - RAMP_FRAMES,
                tookNs,
                THREADS.getThreadCpuTime(filterThread) - cpuNs,
                allocatedBytes(ids) - allocated,
                forwarded() - forwarded,
                dropped() - dropped,
                latency(),
                new Stalls(dataPath.figures(), control.end(), pauses()));
    }

    private Gaps.Figures pauses() {
        try {
            return safepoints.pauses();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks up only now and then: each time it does, it takes a core away from a thread that is measured. */
    private static void sleep(long untilNs, EnginePipeline pipeline) {
        for (long left = untilNs - System.nanoTime();
                left > 0 && !pipeline.hasFailed();
                left = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, REST_NS));
        }
    }

    /** Waits for so many; -1: for all that were lent. */
    private static void awaitReleased(LoopSource lending, long count, EnginePipeline pipeline) {
        while (lending.released() < (count < 0 ? lending.lent() : count)) {
            pipeline.requireHealthy();
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static long[] pipelineThreads() {
        return threads().mapToLong(Thread::threadId).toArray();
    }

    /** Where frames are judged: the only thread, or the first behind the ring. */
    private long filterThread() {
        String role = threads == 1 ? "lane-" : "filter-";
        return threads()
                .filter(thread -> thread.getName().startsWith(role))
                .findFirst()
                .orElseThrow()
                .threadId();
    }

    private static Stream<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("-" + EnginePipeline.NAME));
    }

    private static long allocatedBytes(long[] ids) {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(ids)).sum();
    }

    private long forwarded() {
        return engine.counters(Lane.INBOUND).forwardedFrames()
                + engine.counters(Lane.OUTBOUND).forwardedFrames();
    }

    private long dropped() {
        return engine.counters(Lane.INBOUND).droppedFrames()
                + engine.counters(Lane.OUTBOUND).droppedFrames();
    }

    /** What was recorded since the last call. */
    private Histogram latency() {
        Histogram recorded = LatencyRecorder.emptyHistogram();
        for (Lane lane : Lane.values()) {
            engine.latency(lane).drainInto(recorded);
        }
        return recorded;
    }
}
