package io.breakwater.bench.wire;

import static io.breakwater.capture.bpf.Reg.R0;
import static io.breakwater.capture.bpf.Reg.R1;
import static io.breakwater.capture.bpf.Reg.R2;
import static io.breakwater.capture.bpf.Reg.R3;
import static io.breakwater.capture.bpf.Reg.R4;
import static io.breakwater.capture.bpf.Reg.R6;
import static io.breakwater.capture.bpf.Reg.R7;
import static io.breakwater.capture.bpf.Reg.R8;
import static io.breakwater.capture.bpf.Reg.R9;
import static io.breakwater.capture.bpf.Size.DOUBLE;
import static io.breakwater.capture.bpf.Size.HALF;
import static io.breakwater.capture.bpf.Size.WORD;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.breakwater.bench.nativeaccess.BpfArray;
import io.breakwater.bench.nativeaccess.BpfProgram;
import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.Helper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Frames made and sent within the kernel: an XDP program, run on the kernel's "live frames", writes each one and hands it
 * to the card in batches, as a real card's interrupt would deliver them.
 *
 * <p><b>Why</b> not a packet socket: sendmmsg past the queueing discipline made 0.75 M frames/s on the machine on which
 * this made 2.0 M, because it pays an sk_buff and a soft interrupt for each. It would be what is measured.
 *
 * <p><b>Thread:</b> {@link #send} the generator's, the rest any.
 */
final class Flood implements AutoCloseable {
    // The shared memory, in bytes from its beginning.
    private static final int INTERVAL = 0;
    private static final int NEXT = 8;
    private static final int PROBE_INTERVAL = 16;
    private static final int PROBE_NEXT = 24;
    private static final int ATTACK_PER_MILLE = 32;
    private static final int DEBT = 40;
    private static final int END_NS = 48;
    private static final int HEADER_SUM = 56;
    private static final int KINDS = 64;
    private static final int KIND_BYTES_LOG2 = 5;
    // Of each kind:
    private static final int COUNT = 0;
    private static final int MASK = 8;
    private static final int BASE = 16;
    private static final int PORTS = 24;

    /** Times are kept in 1/256 ns: 1.5 M frames/s are one every 666.67 ns. */
    private static final int FRACTION_BITS = 8;

    private static final double UNITS_PER_SECOND = 1e9 * (1 << FRACTION_BITS);

    /** Frames handed on together: what a card's driver takes in one poll (NAPI_POLL_WEIGHT, linux/netdevice.h). */
    private static final int BATCH_LOG2 = 6;

    /** Runs of one system call: about two seconds at full speed. Between two calls, some 50 ms pass. */
    private static final int RUNS = 1 << 22;

    /** The same for an even rate: a run in which no frame is due takes a tenth of the time. */
    private static final int PACED_RUNS = 1 << 23;

    /** An odd factor permutes the numbers below a power of two: neighbours in time are none in a table. */
    private static final int SCATTER = 0x1E3779B1;

    private static final VarHandle WORD64 = JAVA_LONG.varHandle();

    private final BpfArray control = new BpfArray(4_096);
    private final BpfProgram program;

    /** @param cardIndex of the card to send by, in the namespace of the thread that will send */
    Flood(int cardIndex) throws IOException {
        try {
            program = new BpfProgram(BpfProgram.Hook.XDP, sending(control, cardIndex));
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }

    // R6: the frame's context, later its data. R7: its number. R8: shared memory. R9: now. R4: its kind.
    private static Assembler sending(BpfArray control, int cardIndex) {
        String drop = "drop";
        String build = "build";
        Assembler code = new Assembler();
        code.move(R6, R1).mapValue(R8, control.fd()).call(Helper.CLOCK).move(R9, R0);
        code.load(DOUBLE, R1, R8, END_NS).jumpIf(Condition.ABOVE, R9, R1, drop);
        code.move(R3, R9).shiftLeft(R3, FRACTION_BITS);
        chooseProbe(code, build);
        awaitTurn(code, drop);
        chooseKind(code);
        code.label(build);
        writeFrame(code, drop);
        code.move(R1, cardIndex).move(R2, 0).call(Helper.REDIRECT).exit();
        return code.label(drop).move(R0, BpfProgram.XDP_DROP).exit();
    }

    private static void chooseProbe(Assembler code, String build) {
        String none = "none";
        code.load(DOUBLE, R1, R8, PROBE_INTERVAL)
                .jumpIf(Condition.EQUAL, R1, 0, none)
                .load(DOUBLE, R2, R8, PROBE_NEXT)
                .jumpIf(Condition.BELOW, R3, R2, none)
                .add(R1, R3)
                .store(DOUBLE, R8, PROBE_NEXT, R1)
                .move(R4, Mark.PROBE)
                .jump(build)
                .label(none);
    }

    /** At an even rate; what a pause of more than a batch left undone stays undone. */
    private static void awaitTurn(Assembler code, String drop) {
        String inTime = "inTime";
        code.load(DOUBLE, R1, R8, INTERVAL)
                .load(DOUBLE, R2, R8, NEXT)
                .jumpIf(Condition.BELOW, R3, R2, drop)
                .add(R2, R1)
                .shiftLeft(R1, BATCH_LOG2)
                .subtract(R3, R1)
                .jumpIf(Condition.ABOVE, R2, R3, inTime)
                .move(R2, R3)
                .label(inTime)
                .store(DOUBLE, R8, NEXT, R2);
    }

    private static void chooseKind(Assembler code) {
        String legitimate = "legitimate";
        String chosen = "chosen";
        code.load(DOUBLE, R1, R8, DEBT)
                .load(DOUBLE, R2, R8, ATTACK_PER_MILLE)
                .add(R1, R2)
                .move(R2, Mix.WHOLE)
                .jumpIf(Condition.BELOW, R1, R2, legitimate)
                .subtract(R1, R2)
                .move(R4, Mark.ATTACK)
                .jump(chosen)
                .label(legitimate)
                .move(R4, Mark.LEGITIMATE)
                .label(chosen)
                .store(DOUBLE, R8, DEBT, R1);
    }

    private static void writeFrame(Assembler code, String drop) {
        // The bounds that the verifier asks for: xdp_md.data and data_end.
        code.load(WORD, R1, R6, 4)
                .load(WORD, R6, R6, 0)
                .move(R2, R6)
                .add(R2, Mark.OFFSET + Mark.BYTES)
                .jumpIf(Condition.ABOVE, R2, R1, drop);
        writeEnds(code);
        // R1: this kind's part of the shared memory.
        code.move(R1, R4)
                .shiftLeft(R1, KIND_BYTES_LOG2)
                .add(R1, R8)
                .load(DOUBLE, R7, R1, KINDS + COUNT)
                .add(R7, 1)
                .store(DOUBLE, R1, KINDS + COUNT, R7)
                .load(DOUBLE, R2, R1, KINDS + PORTS)
                .fromNetwork(R2, Integer.SIZE)
                .store(WORD, R6, Frames.PORTS_OFFSET, R2)
                .move(R2, R7)
                .multiply(R2, SCATTER)
                .load(DOUBLE, R3, R1, KINDS + MASK)
                .and(R2, R3)
                .load(DOUBLE, R3, R1, KINDS + BASE)
                .add(R2, R3);
        writeSource(code);
        code.store(HALF, R6, Mark.OFFSET + Mark.KIND_OFFSET, R4)
                .store(WORD, R6, Mark.OFFSET + Mark.SEQUENCE_OFFSET, R7)
                .store(WORD, R6, Mark.OFFSET + Mark.STAMP_OFFSET, R9)
                .shiftRight(R9, Integer.SIZE)
                .store(WORD, R6, Mark.OFFSET + Mark.STAMP_OFFSET + Integer.BYTES, R9);
    }

    /** What the sink swaps in a probe: the memory of a frame is used again as it comes back. */
    private static void writeEnds(Assembler code) {
        for (int word = 0; word < 2 * Mark.MAC_BYTES; word += Integer.BYTES) {
            code.move(R2, Frames.macWord(word)).store(WORD, R6, word, R2);
        }
        code.move(R2, Integer.reverseBytes(Frames.VICTIM)).store(WORD, R6, Frames.DESTINATION_OFFSET, R2);
    }

    /** From R2, and the header's checksum with it (RFC 1071). */
    private static void writeSource(Assembler code) {
        code.move(R1, R2)
                .shiftRight(R1, 16)
                .move(R3, R2)
                .and(R3, 0xffff)
                .add(R1, R3)
                .load(DOUBLE, R3, R8, HEADER_SUM)
                .add(R1, R3);
        for (int fold = 0; fold < 2; fold++) {
            code.move(R3, R1).shiftRight(R3, 16).and(R1, 0xffff).add(R1, R3);
        }
        code.xor(R1, 0xffff)
                .fromNetwork(R1, Short.SIZE)
                .store(HALF, R6, Frames.IP_CHECKSUM_OFFSET, R1)
                .fromNetwork(R2, Integer.SIZE)
                .store(HALF, R6, Frames.SOURCE_OFFSET, R2)
                .shiftRight(R2, 16)
                .store(HALF, R6, Frames.SOURCE_OFFSET + 2, R2);
    }

    /** Sends until its time is over or {@link #stop}; frames are counted from 0. */
    void send(Load load) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = Frames.template(arena, Mark.LEGITIMATE, load.sizeBytes());
            prepare(load, Frames.headerSum(frame));
            int runs = load.framesPerSecond() == Load.UNLIMITED ? RUNS : PACED_RUNS;
            while (System.nanoTime() < get(END_NS)) {
                program.run(frame, runs, 1 << BATCH_LOG2);
            }
        }
    }

    private void prepare(Load load, int headerSum) {
        control.memory().fill((byte) 0);
        for (int kind = Mark.LEGITIMATE; kind < Mark.KINDS; kind++) {
            int at = KINDS + (kind << KIND_BYTES_LOG2);
            set(at + MASK, Frames.sourceMask(kind, load.sources()));
            set(at + BASE, Integer.toUnsignedLong(Frames.firstSource(kind, load.sources())));
            set(at + PORTS, Integer.toUnsignedLong(Frames.ports(kind)));
        }
        set(HEADER_SUM, headerSum);
        set(ATTACK_PER_MILLE, load.mix().attackPerMille());
        set(INTERVAL, load.framesPerSecond() == Load.UNLIMITED ? 0 : interval(load.framesPerSecond()));
        set(PROBE_INTERVAL, load.probesPerSecond() == 0 ? 0 : interval(load.probesPerSecond()));
        set(END_NS, System.nanoTime() + load.durationNs());
    }

    private static long interval(long perSecond) {
        return Math.round(UNITS_PER_SECOND / perSecond);
    }

    /** Ends the sending: the next frame is not sent; {@link #send} returns within half a second. */
    void stop() {
        set(END_NS, 0);
    }

    /** Frames of that kind handed to the card since the sending began. */
    long frames(int kind) {
        return get(KINDS + (kind << KIND_BYTES_LOG2) + COUNT);
    }

    private long get(int offset) {
        return (long) WORD64.getAcquire(control.memory(), (long) offset);
    }

    private void set(int offset, long value) {
        WORD64.setRelease(control.memory(), (long) offset, value);
    }

    @Override
    public void close() {
        program.close();
        control.close();
    }
}
