package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.BpfMap;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.FramePart;
import io.breakwater.capture.bpf.Helper;
import io.breakwater.capture.bpf.Reg;
import io.breakwater.capture.bpf.Size;
import io.breakwater.engine.measure.Reasons;

/**
 * Writes a drop: it is counted under its reason, and under its victim where it belongs to a vector; of those a sample goes
 * on to Java, which drops it for the same reason and so learns who sends. What cannot be counted is not dropped.
 */
final class DropCode {
    /** Label: the reason and the vector's number are on the stack. */
    static final String START = "drop-and-count";

    private final Assembler code;
    private final BpfMap counters;
    private final BpfMap victims;
    private final int sampleMask;

    /** @param sampleMask one in {@code sampleMask + 1} goes on to Java; a power of two less one. -1: none */
    DropCode(Assembler code, BpfMap counters, BpfMap victims, int sampleMask) {
        this.code = code;
        this.counters = counters;
        this.victims = victims;
        this.sampleMask = sampleMask;
    }

    void write() {
        code.label(START);
        if (sampleMask >= 0) {
            code.load(Size.WORD, Reg.R1, Reg.R10, Stack.TAG);
            code.jumpIf(Condition.EQUAL, Reg.R1, 0, "count");
            code.call(Helper.RANDOM);
            code.and(Reg.R0, sampleMask);
            code.jumpIf(Condition.EQUAL, Reg.R0, 0, FramePart.PASS);
        }
        code.jump("count");
        code.label(ParseCode.MALFORMED);
        code.store(Size.WORD, Reg.R10, Stack.REASON, Reasons.MALFORMED);
        code.store(Size.WORD, Reg.R10, Stack.TAG, 0);
        code.label("count");
        lookUp(counters, Stack.REASON);
        code.jumpIf(Condition.EQUAL, Reg.R0, 0, FramePart.PASS);
        code.load(Size.WORD, Reg.R1, Reg.R6, 0);
        code.move(Reg.R7, Reg.R8);
        code.subtract(Reg.R7, Reg.R1);
        increment();
        code.load(Size.WORD, Reg.R1, Reg.R10, Stack.TAG);
        code.jumpIf(Condition.EQUAL, Reg.R1, 0, FramePart.DROP);
        lookUp(victims, Stack.VICTIM_KEY);
        code.jumpIf(Condition.EQUAL, Reg.R0, 0, "new-victim");
        increment();
        code.jump(FramePart.DROP);
        code.label("new-victim");
        newVictim();
        code.jump(FramePart.DROP);
    }

    private void lookUp(BpfMap map, int key) {
        code.move(Reg.R2, Reg.R10);
        code.add(Reg.R2, key);
        code.map(Reg.R1, map);
        code.call(Helper.MAP_LOOKUP);
    }

    /** Adds one packet and R7 bytes to the value at R0, which no other processor writes. */
    private void increment() {
        code.load(Size.DOUBLE, Reg.R1, Reg.R0, 0);
        code.add(Reg.R1, 1);
        code.store(Size.DOUBLE, Reg.R0, 0, Reg.R1);
        code.load(Size.DOUBLE, Reg.R1, Reg.R0, 8);
        code.add(Reg.R1, Reg.R7);
        code.store(Size.DOUBLE, Reg.R0, 8, Reg.R1);
    }

    private void newVictim() {
        code.store(Size.DOUBLE, Reg.R10, Stack.FIRST_COUNT, 1);
        code.store(Size.DOUBLE, Reg.R10, Stack.FIRST_COUNT + 8, Reg.R7);
        code.move(Reg.R2, Reg.R10);
        code.add(Reg.R2, Stack.VICTIM_KEY);
        code.move(Reg.R3, Reg.R10);
        code.add(Reg.R3, Stack.FIRST_COUNT);
        code.move(Reg.R4, 0); // BPF_ANY
        code.map(Reg.R1, victims);
        code.call(Helper.MAP_UPDATE);
    }
}
