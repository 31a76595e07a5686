package io.breakwater.bench.jmh;

import io.breakwater.bench.replay.BenchPolicy;
import io.breakwater.bench.replay.EngineLoop;
import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.GeneratedTraffic;
import io.breakwater.bench.traffic.TrafficMix;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a frame costs in the classifiers and tables of a policy: attack frames never reach a table, legitimate ones do.
 * With more than one thread the hand-off between them is in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {
    private static final int LOT = 1 << 18;

    /** A policy, by name or file. */
    @Param({BenchPolicy.MEMCACHED_ONLY, BenchPolicy.DEFAULT})
    public String policy = BenchPolicy.DEFAULT;

    /** What the frames are. */
    @Param({"ATTACK", "LEGITIMATE"})
    public TrafficMix traffic = TrafficMix.ATTACK;

    /** Different outside addresses: 64 k fit a cache, a million do not. */
    @Param({"65536", "1048576"})
    public int sources;

    /** Threads of the pipeline. */
    @Param("1")
    public int threads;

    private @Nullable FrameSet frames;
    private @Nullable EngineLoop loop;

    /** Generates the frames and starts the engine. */
    @Setup(Level.Trial)
    public void start() {
        GeneratedTraffic generated =
                new GeneratedTraffic(traffic, 60, sources, GeneratedTraffic.vectors(List.of("memcached")));
        frames = generated.generate();
        loop = new EngineLoop(BenchPolicy.of(policy), frames, threads);
    }

    /** One frame through the whole pipeline. */
    @Benchmark
    @OperationsPerInvocation(LOT)
    public void frame() {
        Objects.requireNonNull(loop).pass(LOT);
    }

    /** Ends the engine. */
    @TearDown(Level.Trial)
    public void end() throws InterruptedException {
        Objects.requireNonNull(loop).end();
        Objects.requireNonNull(frames).close();
    }
}
