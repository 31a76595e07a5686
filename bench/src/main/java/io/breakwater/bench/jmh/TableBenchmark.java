package io.breakwater.bench.jmh;

import io.breakwater.engine.classify.FragmentTracker;
import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One look-up in the tables of prefixes and of fragments, each by itself; of fragments with the frame's decoding. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TableBenchmark {
    private static final int ADDRESSES = 1 << 16;

    /** Entries: prefixes, or datagrams whose first fragment was seen. */
    @Param({"64", "65536", "1048576"})
    public int entries;

    private final Datagrams frames = new Datagrams(1);
    private final long[] addresses = new long[ADDRESSES];
    private @Nullable PrefixTable prefixes;
    private @Nullable FragmentTracker fragments;
    private int next;

    /** Fills the tables. */
    @Setup(Level.Trial)
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ADDRESSES; i++) {
            addresses[i] = Integer.toUnsignedLong(random.nextInt());
        }
        List<Prefix> listed = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            int address = random.nextInt();
            listed.add(Prefix.parse((address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff)
                    + "." + (address & 0xff) + "/32"));
        }
        prefixes = PrefixTable.of(listed);
        FragmentTracker tracker = new FragmentTracker(new Fragments(true, null), null, 2 * entries, 1);
        for (int i = 0; i < entries; i++) {
            tracker.onSettled(frames.fragment(0, i, entries, true), Verdict.FORWARD, 0);
        }
        fragments = tracker;
    }

    /** A random IPv4 address among so many prefixes. */
    @Benchmark
    public int prefix() {
        next = next + 1 & ADDRESSES - 1;
        return Objects.requireNonNull(prefixes).lookup(true, 0, addresses[next]);
    }

    /** What is in {@link #fragment}: writing and decoding. */
    @Benchmark
    public FrameSlot decodeAlone() {
        return frames.fragment(0, next++, entries, false);
    }

    /** A later fragment of a datagram whose first was forwarded. */
    @Benchmark
    public int fragment() {
        return Objects.requireNonNull(fragments).classify(frames.fragment(0, next++, entries, false), 1);
    }
}
