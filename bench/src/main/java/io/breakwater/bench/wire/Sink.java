package io.breakwater.bench.wire;

import static io.breakwater.capture.bpf.Reg.R0;
import static io.breakwater.capture.bpf.Reg.R1;
import static io.breakwater.capture.bpf.Reg.R10;
import static io.breakwater.capture.bpf.Reg.R2;
import static io.breakwater.capture.bpf.Reg.R3;
import static io.breakwater.capture.bpf.Reg.R4;
import static io.breakwater.capture.bpf.Reg.R5;
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
import io.breakwater.capture.bpf.Size;
import java.io.IOException;
import java.lang.invoke.VarHandle;

/**
 * Counts marked frames by kind where they arrive, in the kernel and before its network stack, and sends probes back. Of
 * each kind it counts all, those that came twice, and those that came behind a younger one.
 *
 * <p><b>Why</b> in the kernel: a program that had to be woken for each batch would itself be the limit.
 */
final class Sink implements AutoCloseable {
    private static final int KIND_BYTES_LOG2 = 5;
    private static final int DUPLICATES_OFFSET = 8;
    private static final int LATE_OFFSET = 16;
    private static final int GREATEST_OFFSET = 24;

    /** The last sequence numbers seen, one array of ints a kind, by their low bits. */
    private static final int SEEN_OFFSET = 4_096;

    private static final int SEEN = 4_096;
    private static final int SEEN_BYTES_LOG2 = 14;
    private static final int ARRAY_BYTES = SEEN_OFFSET + (Mark.KINDS << SEEN_BYTES_LOG2);

    private static final VarHandle COUNTER = JAVA_LONG.varHandle();

    private static final int SKB_IFINDEX_OFFSET = 40; // struct __sk_buff, linux/bpf.h

    private static final int ADDRESSES_OFFSET = 26;
    /** Two MAC addresses; two IPv4 addresses and two ports. */
    private static final int SWAPPED_BYTES = 12;

    private static final int MARK_ON_STACK = -16;
    private static final int SCRATCH = -32;

    private final BpfArray counters = new BpfArray(ARRAY_BYTES);
    private final BpfProgram program;

    /** The calling thread is in the namespace of the card. */
    Sink(String card) throws IOException {
        try {
            program = new BpfProgram(BpfProgram.Hook.INGRESS, counting(counters));
            program.attach(card);
        } catch (IOException e) {
            counters.close();
            throw e;
        }
    }

    private static Assembler counting(BpfArray counters) {
        String foreign = "foreign";
        String inOrder = "inOrder";
        String notSeen = "notSeen";
        String done = "done";
        Assembler code = new Assembler();
        code.move(R6, R1);
        loadFrame(code, Mark.OFFSET, MARK_ON_STACK, Mark.BYTES);
        code.jumpIf(Condition.NOT_EQUAL, R0, 0, foreign)
                .load(HALF, R1, R10, MARK_ON_STACK)
                .jumpIf(Condition.NOT_EQUAL, R1, Mark.MAGIC, foreign)
                .load(HALF, R7, R10, MARK_ON_STACK + Mark.KIND_OFFSET)
                .and(R7, Mark.KINDS - 1)
                // R8: this kind's counters, R9: this frame's number
                .mapValue(R8, counters.fd())
                .move(R1, R7)
                .shiftLeft(R1, KIND_BYTES_LOG2)
                .add(R8, R1)
                .load(WORD, R9, R10, MARK_ON_STACK + Mark.SEQUENCE_OFFSET)
                .move(R2, 1)
                .atomicAdd(DOUBLE, R8, 0, R2)
                .load(DOUBLE, R1, R8, GREATEST_OFFSET)
                .jumpIf(Condition.ABOVE, R9, R1, inOrder)
                .atomicAdd(DOUBLE, R8, LATE_OFFSET, R2)
                .jump(notSeen)
                .label(inOrder)
                .store(DOUBLE, R8, GREATEST_OFFSET, R9)
                .label(notSeen)
                .mapValue(R3, counters.fd())
                .add(R3, SEEN_OFFSET)
                .move(R1, R7)
                .shiftLeft(R1, SEEN_BYTES_LOG2)
                .add(R3, R1)
                .move(R1, R9)
                .and(R1, SEEN - 1)
                .shiftLeft(R1, 2)
                .add(R3, R1)
                .load(WORD, R4, R3, 0)
                .store(WORD, R3, 0, R9)
                .jumpIf(Condition.NOT_EQUAL, R4, R9, done)
                .atomicAdd(DOUBLE, R8, DUPLICATES_OFFSET, R2)
                .label(done);
        String end = "end";
        code.jumpIf(Condition.NOT_EQUAL, R7, Mark.PROBE, end);
        sendBack(code);
        code.label(foreign).label(end).move(R0, BpfProgram.TC_ACT_SHOT).exit();
        return code;
    }

    /** Swaps who sent it and to whom, and sends it out by the card that it came in by. */
    private static void sendBack(Assembler code) {
        loadFrame(code, 0, SCRATCH, SWAPPED_BYTES);
        for (int half = 0; half < Mark.MAC_BYTES; half += 2) {
            swap(code, HALF, SCRATCH + half, SCRATCH + Mark.MAC_BYTES + half);
        }
        storeFrame(code, 0, SCRATCH, SWAPPED_BYTES);
        // Addresses and ports. No checksum changes: they are swapped, not altered.
        loadFrame(code, ADDRESSES_OFFSET, SCRATCH, SWAPPED_BYTES);
        swap(code, WORD, SCRATCH, SCRATCH + 4);
        swap(code, HALF, SCRATCH + 8, SCRATCH + 10);
        storeFrame(code, ADDRESSES_OFFSET, SCRATCH, SWAPPED_BYTES);
        code.load(WORD, R1, R6, SKB_IFINDEX_OFFSET)
                .move(R2, 0)
                .call(Helper.REDIRECT)
                .exit();
    }

    private static void swap(Assembler code, Size width, int first, int second) {
        code.load(width, R1, R10, first)
                .load(width, R2, R10, second)
                .store(width, R10, first, R2)
                .store(width, R10, second, R1);
    }

    /** Copies bytes of the frame onto the stack; R0 is 0 if it is that long. R6 holds the frame. */
    static void loadFrame(Assembler code, int from, int toStack, int bytes) {
        code.move(R1, R6)
                .move(R2, from)
                .move(R3, R10)
                .add(R3, toStack)
                .move(R4, bytes)
                .call(Helper.FRAME_LOAD);
    }

    private static void storeFrame(Assembler code, int to, int fromStack, int bytes) {
        code.move(R1, R6)
                .move(R2, to)
                .move(R3, R10)
                .add(R3, fromStack)
                .move(R4, bytes)
                .move(R5, 0)
                .call(Helper.FRAME_STORE);
    }

    private long counter(int kind, int offset) {
        return (long) COUNTER.getAcquire(counters.memory(), ((long) kind << KIND_BYTES_LOG2) + offset);
    }

    /** Frames of this kind since the last {@link #reset}. */
    long frames(int kind) {
        return counter(kind, 0);
    }

    /** Those that came a second time, among 4,096 neighbours. */
    long duplicates(int kind) {
        return counter(kind, DUPLICATES_OFFSET);
    }

    /** Those that came behind a younger one; duplicates are among them. */
    long late(int kind) {
        return counter(kind, LATE_OFFSET);
    }

    /** Forgets all; nothing may be on its way. */
    void reset() {
        counters.memory().fill((byte) 0);
    }

    @Override
    public void close() {
        program.close();
        counters.close();
    }
}
