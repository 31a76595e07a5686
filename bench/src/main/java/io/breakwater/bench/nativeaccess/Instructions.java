package io.breakwater.bench.nativeaccess;

import java.util.ArrayList;
import java.util.List;

/**
 * An eBPF program being written, one instruction a call (linux/bpf.h, RFC 9669). Jumps go forward to a label that is set
 * later.
 */
public final class Instructions {
    public static final int R0 = 0;
    public static final int R1 = 1;
    public static final int R2 = 2;
    public static final int R3 = 3;
    public static final int R4 = 4;
    public static final int R5 = 5;
    public static final int R6 = 6;
    public static final int R7 = 7;
    public static final int R8 = 8;
    public static final int R9 = 9;
    /** The end of the stack; read only. */
    public static final int FP = 10;

    /** Widths of loads and stores. */
    public static final int WORD = 0x00;

    public static final int HALF = 0x08;
    public static final int BYTE = 0x10;
    public static final int LONG = 0x18;

    private static final int PSEUDO_MAP_VALUE = 2;

    private final List<Long> code = new ArrayList<>();
    private final List<int[]> jumps = new ArrayList<>();

    private Instructions add(int opcode, int destination, int source, int offset, int immediate) {
        code.add(opcode & 0xffL
                | (destination & 0xfL) << 8
                | (source & 0xfL) << 12
                | (offset & 0xffffL) << 16
                | (immediate & 0xffffffffL) << 32);
        return this;
    }

    public Instructions move(int to, int from) {
        return add(0xbf, to, from, 0, 0);
    }

    public Instructions moveImmediate(int to, int value) {
        return add(0xb7, to, 0, 0, value);
    }

    public Instructions addImmediate(int to, int value) {
        return add(0x07, to, 0, 0, value);
    }

    public Instructions add(int to, int from) {
        return add(0x0f, to, from, 0, 0);
    }

    public Instructions subtract(int from, int what) {
        return add(0x1f, from, what, 0, 0);
    }

    public Instructions or(int to, int what) {
        return add(0x4f, to, what, 0, 0);
    }

    public Instructions and(int to, int mask) {
        return add(0x5f, to, mask, 0, 0);
    }

    public Instructions multiplyImmediate(int to, int factor) {
        return add(0x27, to, 0, 0, factor);
    }

    public Instructions xorImmediate(int to, int mask) {
        return add(0xa7, to, 0, 0, mask);
    }

    public Instructions andImmediate(int to, int mask) {
        return add(0x57, to, 0, 0, mask);
    }

    public Instructions shiftLeft(int to, int bits) {
        return add(0x67, to, 0, 0, bits);
    }

    public Instructions shiftRight(int to, int bits) {
        return add(0x77, to, 0, 0, bits);
    }

    /** The low 16 or 32 bits in network byte order; the others become 0. */
    public Instructions bigEndian(int to, int bits) {
        return add(0xdc, to, 0, 0, bits);
    }

    /** Reads {@code *(from + offset)}. */
    public Instructions load(int width, int to, int from, int offset) {
        return add(0x61 | width, to, from, offset, 0);
    }

    /** Writes {@code *(at + offset)}. */
    public Instructions store(int width, int at, int offset, int from) {
        return add(0x63 | width, at, from, offset, 0);
    }

    /** Adds to {@code *(at + offset)}, 64 bits, atomically. */
    public Instructions atomicAdd(int at, int offset, int what) {
        return add(0xdb, at, what, offset, 0);
    }

    /** The address of the only value of an array map. */
    public Instructions mapValue(int to, BpfArray map) {
        add(0x18, to, PSEUDO_MAP_VALUE, 0, map.fd());
        return add(0, 0, 0, 0, 0);
    }

    /** Calls a kernel helper by number; its result is in R0, R1 to R5 are lost. */
    public Instructions call(int helper) {
        return add(0x85, 0, 0, 0, helper);
    }

    public Instructions exit() {
        return add(0x95, 0, 0, 0, 0);
    }

    /** Jumps to the label if it equals the value. */
    public Instructions ifEqual(int register, int value, Label label) {
        return jump(label).add(0x15, register, 0, 0, value);
    }

    public Instructions ifNotEqual(int register, int value, Label label) {
        return jump(label).add(0x55, register, 0, 0, value);
    }

    /** Jumps to the label if the first is greater than the second, both unsigned. */
    public Instructions ifGreater(int first, int second, Label label) {
        return jump(label).add(0x2d, first, second, 0, 0);
    }

    public Instructions ifLess(int first, int second, Label label) {
        return jump(label).add(0xad, first, second, 0, 0);
    }

    public Instructions ifNotEqualRegister(int first, int second, Label label) {
        return jump(label).add(0x5d, first, second, 0, 0);
    }

    public Instructions jumpTo(Label label) {
        return jump(label).add(0x05, 0, 0, 0, 0);
    }

    private Instructions jump(Label label) {
        label.from.add(code.size());
        return this;
    }

    /** This is where the label is. */
    public Instructions at(Label label) {
        for (int jump : label.from) {
            jumps.add(new int[] {jump, code.size() - jump - 1});
        }
        return this;
    }

    /** The finished program. */
    long[] code() {
        long[] finished = code.stream().mapToLong(Long::longValue).toArray();
        for (int[] jump : jumps) {
            finished[jump[0]] |= (jump[1] & 0xffffL) << 16;
        }
        return finished;
    }

    /** A place to jump to. */
    public static final class Label {
        private final List<Integer> from = new ArrayList<>();
    }
}
