package io.breakwater.bench.jmh;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.limit.LimitedFrames;
import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one limit costs a frame, by itself: writing and decoding the frame is in all figures, and {@link #decodeAlone} is
 * that alone. Frames are judged as the filter does it, 32 at a time with a look ahead, or each by itself.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LimitBenchmark {
    private static final int BATCH = RateLimiter.MAX_AHEAD;
    private static final long PACKETS_PER_SECOND = 50_000;
    private static final long FRAME_NS = 100;

    /** Keys that the table has room for. */
    @Param({"65536", "1048576"})
    public int max;

    /** Whether a batch is looked ahead to. */
    @Param({"true", "false"})
    public boolean ahead;

    private final Datagrams frames = new Datagrams(BATCH);
    private @Nullable RateLimiter half;
    private @Nullable RateLimiter refusing;
    private @Nullable RateLimiter evicting;
    private int next;
    private long nowNs;

    /** Fills three tables: one to a half, and two by four times as many sources as there is room for. */
    @Setup(Level.Trial)
    public void fill() {
        half = limiter(LimitRule.WhenFull.EVICT);
        refusing = limiter(LimitRule.WhenFull.PASS);
        evicting = limiter(LimitRule.WhenFull.EVICT);
        for (int round = 0; round < 4 * max / BATCH; round++) {
            judge(Objects.requireNonNull(half), max / 2);
            judge(Objects.requireNonNull(refusing), 4 * max);
            judge(Objects.requireNonNull(evicting), 4 * max);
        }
    }

    private RateLimiter limiter(LimitRule.WhenFull whenFull) {
        LimitRule rule = new LimitRule(
                "udp-per-source",
                LimitRule.Match.inboundUdp(),
                LimitRule.Track.of(LimitRule.Key.SOURCE),
                List.of(Bucket.of(Rate.packetsPerSecond(PACKETS_PER_SECOND))),
                null,
                LimitRule.Then.DROP,
                0,
                new LimitRule.Table(max, TimeUnit.SECONDS.toNanos(60), whenFull),
                RuleMode.ENFORCE);
        return RateLimiter.compile(
                rule, Lane.INBOUND, Reasons.CAPACITY - 1, List.of(), 1_514, (reason, frame) -> {}, null, 1);
    }

    private int judge(RateLimiter limiter, int sources) {
        decode(sources);
        FrameSlot[] slots = frames.slots();
        if (ahead) {
            LimitedFrames limited = limiter.frames();
            for (FrameSlot slot : slots) {
                slot.preclassify(1, false, limited.matches(slot) ? 1 : 0);
                limited.name(slot);
            }
            limiter.lookAhead(0, slots, BATCH, nowNs);
        }
        int dropped = 0;
        for (int i = 0; i < BATCH; i++) {
            dropped += ahead ? limiter.classifyFirst(slots[i], nowNs) : limiter.classify(slots[i], nowNs);
        }
        return dropped;
    }

    private void decode(int sources) {
        nowNs += FRAME_NS * BATCH;
        for (int i = 0; i < BATCH; i++) {
            frames.from(i, next++, sources).ahead(i);
        }
    }

    /** What is in all figures: writing and decoding. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public FrameSlot[] decodeAlone() {
        decode(4 * max);
        return frames.slots();
    }

    /** The key is there; the table is half full. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int hit() {
        return judge(Objects.requireNonNull(half), max / 2);
    }

    /** Of four keys one is there, and three find no room; none is evicted. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int miss() {
        return judge(Objects.requireNonNull(refusing), 4 * max);
    }

    /** The key is gone, and another makes room for it. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int evict() {
        return judge(Objects.requireNonNull(evicting), 4 * max);
    }
}
