package io.breakwater.bench.wire;

import static io.breakwater.bench.nativeaccess.Instructions.FP;
import static io.breakwater.bench.nativeaccess.Instructions.HALF;
import static io.breakwater.bench.nativeaccess.Instructions.LONG;
import static io.breakwater.bench.nativeaccess.Instructions.R0;
import static io.breakwater.bench.nativeaccess.Instructions.R1;
import static io.breakwater.bench.nativeaccess.Instructions.R2;
import static io.breakwater.bench.nativeaccess.Instructions.R3;
import static io.breakwater.bench.nativeaccess.Instructions.R4;
import static io.breakwater.bench.nativeaccess.Instructions.R5;
import static io.breakwater.bench.nativeaccess.Instructions.R6;
import static io.breakwater.bench.nativeaccess.Instructions.R7;
import static io.breakwater.bench.nativeaccess.Instructions.R8;
import static io.breakwater.bench.nativeaccess.Instructions.R9;
import static io.breakwater.bench.nativeaccess.Instructions.WORD;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.breakwater.bench.nativeaccess.BpfArray;
import io.breakwater.bench.nativeaccess.BpfProgram;
import io.breakwater.bench.nativeaccess.Instructions;
import io.breakwater.bench.nativeaccess.Instructions.Label;
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
    private static final int SKB_STORE_BYTES = 9; // enum bpf_func_id
    private static final int REDIRECT = 23;
    private static final int SKB_LOAD_BYTES = 26;

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

    private static Instructions counting(BpfArray counters) {
        Label foreign = new Label();
        Label inOrder = new Label();
        Label notSeen = new Label();
        Label done = new Label();
        Instructions code = new Instructions();
        code.move(R6, R1);
        loadFrame(code, Mark.OFFSET, MARK_ON_STACK, Mark.BYTES);
        code.ifNotEqual(R0, 0, foreign)
                .load(HALF, R1, FP, MARK_ON_STACK)
                .ifNotEqual(R1, Mark.MAGIC, foreign)
                .load(HALF, R7, FP, MARK_ON_STACK + Mark.KIND_OFFSET)
                .andImmediate(R7, Mark.KINDS - 1)
                // R8: this kind's counters, R9: this frame's number
                .mapValue(R8, counters)
                .move(R1, R7)
                .shiftLeft(R1, KIND_BYTES_LOG2)
                .add(R8, R1)
                .load(WORD, R9, FP, MARK_ON_STACK + Mark.SEQUENCE_OFFSET)
                .moveImmediate(R2, 1)
                .atomicAdd(R8, 0, R2)
                .load(LONG, R1, R8, GREATEST_OFFSET)
                .ifGreater(R9, R1, inOrder)
                .atomicAdd(R8, LATE_OFFSET, R2)
                .jumpTo(notSeen)
                .at(inOrder)
                .store(LONG, R8, GREATEST_OFFSET, R9)
                .at(notSeen)
                .mapValue(R3, counters)
                .addImmediate(R3, SEEN_OFFSET)
                .move(R1, R7)
                .shiftLeft(R1, SEEN_BYTES_LOG2)
                .add(R3, R1)
                .move(R1, R9)
                .andImmediate(R1, SEEN - 1)
                .shiftLeft(R1, 2)
                .add(R3, R1)
                .load(WORD, R4, R3, 0)
                .store(WORD, R3, 0, R9)
                .ifNotEqualRegister(R4, R9, done)
                .atomicAdd(R8, DUPLICATES_OFFSET, R2)
                .at(done);
        Label end = new Label();
        code.ifNotEqual(R7, Mark.PROBE, end);
        sendBack(code);
        code.at(foreign).at(end).moveImmediate(R0, BpfProgram.TC_ACT_SHOT).exit();
        return code;
    }

    /** Swaps who sent it and to whom, and sends it out by the card that it came in by. */
    private static void sendBack(Instructions code) {
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
                .moveImmediate(R2, 0)
                .call(REDIRECT)
                .exit();
    }

    private static void swap(Instructions code, int width, int first, int second) {
        code.load(width, R1, FP, first)
                .load(width, R2, FP, second)
                .store(width, FP, first, R2)
                .store(width, FP, second, R1);
    }

    /** Copies bytes of the frame onto the stack; R0 is 0 if it is that long. R6 holds the frame. */
    static void loadFrame(Instructions code, int from, int toStack, int bytes) {
        code.move(R1, R6)
                .moveImmediate(R2, from)
                .move(R3, FP)
                .addImmediate(R3, toStack)
                .moveImmediate(R4, bytes)
                .call(SKB_LOAD_BYTES);
    }

    private static void storeFrame(Instructions code, int to, int fromStack, int bytes) {
        code.move(R1, R6)
                .moveImmediate(R2, to)
                .move(R3, FP)
                .addImmediate(R3, fromStack)
                .moveImmediate(R4, bytes)
                .moveImmediate(R5, 0)
                .call(SKB_STORE_BYTES);
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
