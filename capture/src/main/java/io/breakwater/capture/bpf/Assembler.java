package io.breakwater.capture.bpf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an eBPF program, instruction by instruction, with names for the places it jumps to (RFC 9669).
 *
 * <p>Arithmetic is on 64 bits; immediate values are sign-extended from 32. <b>Thread:</b> one owner.
 */
public final class Assembler {
    private static final int CLASS_LOAD = 0x01; // BPF_LDX; RFC 9669, section 3
    private static final int CLASS_STORE_IMMEDIATE = 0x02;
    private static final int CLASS_STORE = 0x03;
    private static final int CLASS_ALU32 = 0x04;
    private static final int CLASS_JUMP = 0x05;
    private static final int JUMP_ALWAYS = CLASS_JUMP;
    private static final int CLASS_ALU64 = 0x07;
    private static final int MODE_MEMORY = 0x60;
    private static final int MODE_ATOMIC = 0xc0;
    private static final int FROM_REGISTER = 0x08;

    private static final int ADD = 0x00;
    private static final int SUBTRACT = 0x10;
    private static final int MULTIPLY = 0x20;
    private static final int OR = 0x40;
    private static final int AND = 0x50;
    private static final int SHIFT_LEFT = 0x60;
    private static final int SHIFT_RIGHT = 0x70;
    private static final int XOR = 0xa0;
    private static final int MOVE = 0xb0;
    private static final int BYTE_SWAP = 0xd0;

    private static final int LOAD_IMMEDIATE_64 = 0x18;
    private static final int PSEUDO_MAP_FD = 1; // BPF_PSEUDO_MAP_FD, linux/bpf.h
    private static final int PSEUDO_MAP_VALUE = 2; // BPF_PSEUDO_MAP_VALUE
    private static final int CALL = 0x80;
    private static final int EXIT = 0x90;

    private final List<Long> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> jumps = new HashMap<>();
    private int names;

    /** Names this place. Each label exactly once. */
    public Assembler label(String name) {
        if (labels.put(name, instructions.size()) != null) {
            throw new IllegalArgumentException("label twice: " + name);
        }
        return this;
    }

    /** A label that nothing else in this program has. */
    public String newLabel(String purpose) {
        return purpose + "#" + names++;
    }

    public Assembler move(Reg to, Reg from) {
        add(CLASS_ALU64 | MOVE | FROM_REGISTER, to, from, 0, 0);
        return this;
    }

    public Assembler move(Reg to, int value) {
        add(CLASS_ALU64 | MOVE, to, Reg.R0, 0, value);
        return this;
    }

    /** Sets a register to a number of 64 bits; takes two places. */
    public Assembler moveWide(Reg to, long value) {
        add(LOAD_IMMEDIATE_64, to, Reg.R0, 0, (int) value);
        add(0, Reg.R0, Reg.R0, 0, (int) (value >>> 32));
        return this;
    }

    /** The handle of a map, for a helper. */
    public Assembler map(Reg to, BpfMap map) {
        add(LOAD_IMMEDIATE_64, to.number() | PSEUDO_MAP_FD << 4, 0, map.fd());
        add(0, 0, 0, 0);
        return this;
    }

    public Assembler add(Reg to, Reg from) {
        add(CLASS_ALU64 | ADD | FROM_REGISTER, to, from, 0, 0);
        return this;
    }

    public Assembler add(Reg to, int value) {
        add(CLASS_ALU64 | ADD, to, Reg.R0, 0, value);
        return this;
    }

    public Assembler subtract(Reg to, Reg from) {
        add(CLASS_ALU64 | SUBTRACT | FROM_REGISTER, to, from, 0, 0);
        return this;
    }

    /** The address of the only value of an array map, given by its file descriptor. */
    public Assembler mapValue(Reg to, int map) {
        add(LOAD_IMMEDIATE_64, to.number() | PSEUDO_MAP_VALUE << 4, 0, map);
        add(0, 0, 0, 0);
        return this;
    }

    public Assembler multiply(Reg to, int factor) {
        add(CLASS_ALU64 | MULTIPLY, to, Reg.R0, 0, factor);
        return this;
    }

    public Assembler and(Reg to, Reg from) {
        add(CLASS_ALU64 | AND | FROM_REGISTER, to, from, 0, 0);
        return this;
    }

    public Assembler xor(Reg to, int mask) {
        add(CLASS_ALU64 | XOR, to, Reg.R0, 0, mask);
        return this;
    }

    public Assembler and(Reg to, int mask) {
        add(CLASS_ALU64 | AND, to, Reg.R0, 0, mask);
        return this;
    }

    public Assembler or(Reg to, Reg from) {
        add(CLASS_ALU64 | OR | FROM_REGISTER, to, from, 0, 0);
        return this;
    }

    public Assembler shiftLeft(Reg to, int bits) {
        add(CLASS_ALU64 | SHIFT_LEFT, to, Reg.R0, 0, bits);
        return this;
    }

    public Assembler shiftRight(Reg to, int bits) {
        add(CLASS_ALU64 | SHIFT_RIGHT, to, Reg.R0, 0, bits);
        return this;
    }

    /** Network to host order of the low 16, 32 or 64 bits, or back; the bits above become 0. */
    public Assembler fromNetwork(Reg to, int bits) {
        add(CLASS_ALU32 | BYTE_SWAP | FROM_REGISTER, to, Reg.R0, 0, bits);
        return this;
    }

    public Assembler load(Size size, Reg to, Reg base, int offset) {
        add(CLASS_LOAD | MODE_MEMORY | size.bits(), to, base, offset, 0);
        return this;
    }

    public Assembler store(Size size, Reg base, int offset, Reg from) {
        add(CLASS_STORE | MODE_MEMORY | size.bits(), base, from, offset, 0);
        return this;
    }

    public Assembler store(Size size, Reg base, int offset, int value) {
        add(CLASS_STORE_IMMEDIATE | MODE_MEMORY | size.bits(), base, Reg.R0, offset, value);
        return this;
    }

    /** Adds to memory that other processors add to as well ({@link Size#WORD} or {@link Size#DOUBLE}). */
    public Assembler atomicAdd(Size size, Reg base, int offset, Reg from) {
        add(CLASS_STORE | MODE_ATOMIC | size.bits(), base, from, offset, ADD);
        return this;
    }

    public Assembler jump(String label) {
        jumps.put(instructions.size(), label);
        add(JUMP_ALWAYS, Reg.R0, Reg.R0, 0, 0);
        return this;
    }

    public Assembler jumpIf(Condition condition, Reg left, int right, String label) {
        jumps.put(instructions.size(), label);
        add(CLASS_JUMP | condition.bits(), left, Reg.R0, 0, right);
        return this;
    }

    public Assembler jumpIf(Condition condition, Reg left, Reg right, String label) {
        jumps.put(instructions.size(), label);
        add(CLASS_JUMP | condition.bits() | FROM_REGISTER, left, right, 0, 0);
        return this;
    }

    public Assembler call(Helper helper) {
        add(CLASS_JUMP | CALL, Reg.R0, Reg.R0, 0, helper.number());
        return this;
    }

    /** Ends the program with what is in R0. */
    public Assembler exit() {
        add(CLASS_JUMP | EXIT, Reg.R0, Reg.R0, 0, 0);
        return this;
    }

    /** The program's instructions, each jump resolved, without those that nothing reaches: the verifier refuses them. */
    public long[] assemble() {
        BitSet reached = reached();
        long[] assembled = new long[reached.cardinality()];
        int[] place = new int[instructions.size()];
        int count = 0;
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            place[at] = count;
            assembled[count++] = instructions.get(at);
        }
        jumps.forEach((at, label) -> {
            if (reached.get(at)) {
                assembled[place[at]] |= (offset(place[at], place[target(label)], label) & 0xffffL) << 16;
            }
        });
        return assembled;
    }

    private static int offset(int from, int to, String label) {
        int offset = to - from - 1;
        if (offset != (short) offset) {
            throw new IllegalStateException("too far to jump: " + label);
        }
        return offset;
    }

    private BitSet reached() {
        BitSet reached = new BitSet();
        Deque<Integer> open = new ArrayDeque<>(List.of(0));
        while (!open.isEmpty()) {
            int at = open.pop();
            if (reached.get(at)) {
                continue;
            }
            reached.set(at);
            int opcode = (int) (instructions.get(at) & 0xff);
            if (jumps.containsKey(at)) {
                open.push(target(jumps.get(at)));
            }
            if (opcode != (CLASS_JUMP | EXIT) && opcode != JUMP_ALWAYS) {
                open.push(at + 1);
            }
        }
        return reached;
    }

    private int target(@Nullable String label) {
        Integer target = labels.get(label);
        if (target == null) {
            throw new IllegalStateException("no such label: " + label);
        }
        return target;
    }

    private void add(int opcode, Reg destination, Reg source, int offset, int immediate) {
        add(opcode, destination.number() | source.number() << 4, offset, immediate);
    }

    private void add(int opcode, int registers, int offset, int immediate) {
        instructions.add(opcode | (long) registers << 8 | (offset & 0xffffL) << 16 | (long) immediate << 32);
    }
}
