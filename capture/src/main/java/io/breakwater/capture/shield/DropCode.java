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
 * on to Java, which drops it for the same reason and so learns who sends: the first to each victim since its count was last
 * taken, and a few at random, together one every {@value #SAMPLE_INTERVAL_NS} ns at most on each processor. What cannot be
 * counted is not dropped.
 *
 * <p><b>Why</b> a bound in time: each is a wake-up for Java, and neither a faster flood nor one over many victims may make
 * more of them.
 */
final class DropCode {
    /** Label: the reason and the vector's number are on the stack. */
    static final String START = "drop-and-count";

    /** 200 samples/s. Some 900 kept Java at 6 % of a core, beside 3.7 M frames/s dropped. */
    static final int SAMPLE_INTERVAL_NS = 5_000_000;

    private static final String COUNT = "count";
    private static final String MAY_BE_SAMPLE = "may-be-sample";

    private final Assembler code;
    private final BpfMap counters;
    private final BpfMap victims;
    private final BpfMap sampled;
    private final int sampleMask;

    /** @param sampleMask one in {@code sampleMask + 1} may go on to Java; a power of two less one. -1: none */
    DropCode(Assembler code, ShieldTables tables, int sampleMask) {
        this.code = code;
        this.counters = tables.counters();
        this.victims = tables.victims();
        this.sampled = tables.sampled();
        this.sampleMask = sampleMask;
    }

    void write() {
        code.label(START);
        if (sampleMask >= 0) {
            sample();
        }
        code.jump(COUNT);
        code.label(ParseCode.MALFORMED);
        code.store(Size.WORD, Reg.R10, Stack.REASON, Reasons.MALFORMED);
        code.store(Size.WORD, Reg.R10, Stack.TAG, 0);
        code.label(COUNT);
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
        code.store(Size.DOUBLE, Reg.R10, Stack.FIRST_COUNT, 1);
        code.store(Size.DOUBLE, Reg.R10, Stack.FIRST_COUNT + 8, Reg.R7);
        newVictim();
        code.jump(FramePart.DROP);
    }

    private void sample() {
        code.load(Size.WORD, Reg.R1, Reg.R10, Stack.TAG);
        code.jumpIf(Condition.EQUAL, Reg.R1, 0, COUNT);
        lookUp(victims, Stack.VICTIM_KEY);
        code.jumpIf(Condition.EQUAL, Reg.R0, 0, MAY_BE_SAMPLE);
        code.call(Helper.RANDOM);
        code.and(Reg.R0, sampleMask);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R0, 0, COUNT);
        code.label(MAY_BE_SAMPLE);
        code.store(Size.WORD, Reg.R10, Stack.FIRST_COUNT, 0);
        lookUp(sampled, Stack.FIRST_COUNT);
        code.jumpIf(Condition.EQUAL, Reg.R0, 0, COUNT);
        code.move(Reg.R7, Reg.R0);
        code.call(Helper.CLOCK);
        code.load(Size.DOUBLE, Reg.R1, Reg.R7, 0);
        code.move(Reg.R2, Reg.R0);
        code.subtract(Reg.R2, Reg.R1);
        code.jumpIf(Condition.BELOW, Reg.R2, SAMPLE_INTERVAL_NS, COUNT);
        code.store(Size.DOUBLE, Reg.R7, 0, Reg.R0);
        lookUp(victims, Stack.VICTIM_KEY);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R0, 0, FramePart.PASS);
        code.store(Size.DOUBLE, Reg.R10, Stack.FIRST_COUNT, 0);
        code.store(Size.DOUBLE, Reg.R10, Stack.FIRST_COUNT + 8, 0);
        newVictim();
        code.jump(FramePart.PASS);
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
        code.move(Reg.R2, Reg.R10);
        code.add(Reg.R2, Stack.VICTIM_KEY);
        code.move(Reg.R3, Reg.R10);
        code.add(Reg.R3, Stack.FIRST_COUNT);
        code.move(Reg.R4, 0); // BPF_ANY
        code.map(Reg.R1, victims);
        code.call(Helper.MAP_UPDATE);
    }
}
