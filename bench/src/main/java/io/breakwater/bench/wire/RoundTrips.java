package io.breakwater.bench.wire;

import static io.breakwater.bench.nativeaccess.Instructions.FP;
import static io.breakwater.bench.nativeaccess.Instructions.HALF;
import static io.breakwater.bench.nativeaccess.Instructions.LONG;
import static io.breakwater.bench.nativeaccess.Instructions.R0;
import static io.breakwater.bench.nativeaccess.Instructions.R1;
import static io.breakwater.bench.nativeaccess.Instructions.R2;
import static io.breakwater.bench.nativeaccess.Instructions.R3;
import static io.breakwater.bench.nativeaccess.Instructions.R6;
import static io.breakwater.bench.nativeaccess.Instructions.R7;
import static io.breakwater.bench.nativeaccess.Instructions.WORD;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.breakwater.bench.nativeaccess.BpfArray;
import io.breakwater.bench.nativeaccess.BpfProgram;
import io.breakwater.bench.nativeaccess.Instructions;
import io.breakwater.bench.nativeaccess.Instructions.Label;
import io.breakwater.engine.measure.LatencyRecorder;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/**
 * Times probes that come back: from the stamp that the sender wrote, read from CLOCK_MONOTONIC just before the send, to
 * their arrival at the sender's card.
 *
 * <p><b>Why</b> in the kernel: waking a program up would take longer than the frame's whole way.
 */
final class RoundTrips implements AutoCloseable {
    /** Probes whose times are kept; a measurement sends fewer. */
    static final int MOST = 1 << 15;

    private static final int TIMES_OFFSET_LOG2 = 3;
    private static final int KTIME_GET_NS = 5; // enum bpf_func_id, linux/bpf.h
    private static final int MARK_ON_STACK = -16;

    private final BpfArray times = new BpfArray(MOST * Long.BYTES);
    private final BpfProgram program;

    /** The calling thread is in the namespace of the card. */
    RoundTrips(String card) throws IOException {
        try {
            program = new BpfProgram(BpfProgram.Hook.INGRESS, timing(times));
            program.attach(card);
        } catch (IOException e) {
            times.close();
            throw e;
        }
    }

    private static Instructions timing(BpfArray times) {
        Label end = new Label();
        Instructions code = new Instructions();
        code.move(R6, R1).call(KTIME_GET_NS).move(R7, R0);
        Sink.loadFrame(code, Mark.OFFSET, MARK_ON_STACK, Mark.BYTES);
        return code.ifNotEqual(R0, 0, end)
                .load(HALF, R1, FP, MARK_ON_STACK)
                .ifNotEqual(R1, Mark.MAGIC, end)
                .load(HALF, R1, FP, MARK_ON_STACK + Mark.KIND_OFFSET)
                .ifNotEqual(R1, Mark.PROBE, end)
                .load(LONG, R1, FP, MARK_ON_STACK + Mark.STAMP_OFFSET)
                .subtract(R7, R1)
                .load(WORD, R2, FP, MARK_ON_STACK + Mark.SEQUENCE_OFFSET)
                .andImmediate(R2, MOST - 1)
                .shiftLeft(R2, TIMES_OFFSET_LOG2)
                .mapValue(R3, times)
                .add(R3, R2)
                .store(LONG, R3, 0, R7)
                .at(end)
                .moveImmediate(R0, BpfProgram.TC_ACT_SHOT)
                .exit();
    }

    /** Nanoseconds of the probes that came back since the last {@link #reset}. */
    Histogram times() {
        Histogram histogram = LatencyRecorder.emptyHistogram();
        for (int probe = 0; probe < MOST; probe++) {
            long ns = times.memory().getAtIndex(JAVA_LONG, probe);
            if (ns > 0) {
                histogram.recordValue(Math.min(ns, histogram.getHighestTrackableValue()));
            }
        }
        return histogram;
    }

    /** Forgets all; nothing may be on its way. */
    void reset() {
        times.memory().fill((byte) 0);
    }

    @Override
    public void close() {
        program.close();
        times.close();
    }
}
