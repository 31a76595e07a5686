package io.breakwater.engine.reflection;

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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The table of questions by itself: half full, each host asking for its own name. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SolicitedBenchmark {
    private static final long DNS_OVER_IPV4 = 1L << 48 | 1L << 49 | 53;
    private static final long NTP_OVER_IPV4 = 1L << 49 | 123;
    private static final long INSIDE = 0xCB00_7100L;
    private static final long OUTSIDE = 0x1000_0000L;

    /** Slots. */
    @Param({"65536", "1048576"})
    public int slots;

    private @Nullable SolicitedTable table;
    private int next;

    /** Fills a half, with what does not end with its answer. */
    @Setup(Level.Trial)
    public void fill() {
        SolicitedTable filled = new SolicitedTable(slots, 0, 1);
        for (int i = 0; i < slots / 2; i++) {
            filled.open(0, INSIDE + i, 0, OUTSIDE + i, NTP_OVER_IPV4, 0);
        }
        table = filled;
    }

    /** A host between 0 and half the slots, not next to the one before. */
    private int host() {
        return next++ * 0x1E3779B1 & slots / 2 - 1;
    }

    /** A DNS question and its answer: one entry made, found, and used up. */
    @Benchmark
    public boolean questionAndAnswer() {
        SolicitedTable asked = Objects.requireNonNull(table);
        int host = host();
        asked.open(0, INSIDE + host, 0, OUTSIDE + host, DNS_OVER_IPV4, 0);
        return asked.admits(0, INSIDE + host, 0, OUTSIDE + host, DNS_OVER_IPV4, 0);
    }

    /** An answer that was asked for and may come again. */
    @Benchmark
    public boolean solicited() {
        int host = host();
        return Objects.requireNonNull(table).admits(0, INSIDE + host, 0, OUTSIDE + host, NTP_OVER_IPV4, 0);
    }

    /** One that nobody asked for. */
    @Benchmark
    public boolean unsolicited() {
        int host = host();
        return Objects.requireNonNull(table).admits(0, INSIDE + host, 0, OUTSIDE - 1 - host, NTP_OVER_IPV4, 0);
    }
}
