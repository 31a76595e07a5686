package io.breakwater.bench.wire;

import static io.breakwater.capture.bpf.Reg.R0;
import static io.breakwater.capture.bpf.Reg.R1;
import static io.breakwater.capture.bpf.Reg.R10;
import static io.breakwater.capture.bpf.Reg.R2;
import static io.breakwater.capture.bpf.Reg.R3;
import static io.breakwater.capture.bpf.Reg.R6;
import static io.breakwater.capture.bpf.Reg.R7;
import static io.breakwater.capture.bpf.Size.DOUBLE;
import static io.breakwater.capture.bpf.Size.HALF;
import static io.breakwater.capture.bpf.Size.WORD;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.breakwater.bench.nativeaccess.BpfArray;
import io.breakwater.bench.nativeaccess.BpfProgram;
import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.Helper;
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

    private static Assembler timing(BpfArray times) {
        String end = "end";
        Assembler code = new Assembler();
        code.move(R6, R1).call(Helper.CLOCK).move(R7, R0);
        Sink.loadFrame(code, Mark.OFFSET, MARK_ON_STACK, Mark.BYTES);
        return code.jumpIf(Condition.NOT_EQUAL, R0, 0, end)
                .load(HALF, R1, R10, MARK_ON_STACK)
                .jumpIf(Condition.NOT_EQUAL, R1, Mark.MAGIC, end)
                .load(HALF, R1, R10, MARK_ON_STACK + Mark.KIND_OFFSET)
                .jumpIf(Condition.NOT_EQUAL, R1, Mark.PROBE, end)
                .load(DOUBLE, R1, R10, MARK_ON_STACK + Mark.STAMP_OFFSET)
                .subtract(R7, R1)
                .load(WORD, R2, R10, MARK_ON_STACK + Mark.SEQUENCE_OFFSET)
                .and(R2, MOST - 1)
                .shiftLeft(R2, TIMES_OFFSET_LOG2)
                .mapValue(R3, times.fd())
                .add(R3, R2)
                .store(DOUBLE, R3, 0, R7)
                .label(end)
                .move(R0, BpfProgram.TC_ACT_SHOT)
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
