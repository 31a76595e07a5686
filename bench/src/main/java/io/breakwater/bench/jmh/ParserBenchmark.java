package io.breakwater.bench.jmh;

import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.GeneratedTraffic;
import io.breakwater.bench.traffic.TrafficMix;
import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What decoding one frame costs: 65,536 frames in turn, half attack, of the rest some IPv6 and TCP. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParserBenchmark {
    private static final int SOURCES = 1 << 16;

    private final FrameSlot slot = new FrameSlot(0);
    private @Nullable FrameSet frames;
    private int next;

    /** Generates the frames. */
    @Setup(Level.Trial)
    public void generate() {
        frames = new GeneratedTraffic(TrafficMix.MIX, 60, SOURCES, GeneratedTraffic.vectors(List.of("memcached")))
                .generate();
    }

    /** Decodes the next frame; its verdict is not asked for. */
    @Benchmark
    public int decode() {
        FrameSet set = Objects.requireNonNull(frames);
        set.lend(next, slot);
        next = next + 1 == set.frames() ? 0 : next + 1;
        FrameDecoder.decode(slot);
        return slot.sourcePort();
    }

    /** Gives their memory back. */
    @TearDown(Level.Trial)
    public void end() {
        Objects.requireNonNull(frames).close();
    }
}
