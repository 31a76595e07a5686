package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;

/**
 * Stands before a full {@link KeyTable} and lets through, without a look at it, the frames of keys that send next to
 * nothing: a row of counters, each shared by the keys of one hash, that begin anew every {@link #slice}. As long as a
 * counter has counted few frames, none of its keys can have sent more.
 *
 * <p><b>Guarantee</b>: what such a frame spends is not noted. A key that sends evenly, or more and more, gains at most
 * {@code frames} that way, a thousandth of what it may send at once; one that is quiet in between gains as many again, at
 * most a hundredth of what its rate gives it in that time. A counter that counted more stays alert for the slice that
 * follows: a heavy sender is judged exactly, by the table, from its first frames to its last.
 *
 * <p><b>Why</b>: with more senders than the table has room for, each frame would evict the entry of another, which lies
 * in none of the processor's caches. Measured with 1 M sources: see docs/adr/0011-light-keys-pass-a-full-table.md.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone. <b>Cost:</b> one read and one write in 128 KiB.
 */
final class LightKeys {
    /**
     * Counters. With 65,536 and the built-in limit of 50,000 packets/s a counter sees 30 frames a slice when 14.88 M
     * frames/s come from sources that send once each, and lets 64 through.
     */
    private static final int CELL_BITS = 16;

    /** Of what a key may send at once, the part that may go by without being noted. */
    private static final long UNNOTED_OF_BURST = 1_024;
    /** Of what its rate gives a key in a slice. */
    private static final long UNNOTED_OF_RATE = 100;
    /** So that a counter fits its bits, and with it the bits of the slice. */
    private static final long MAX_FRAMES = 64;

    /** Longest slice, 2^33 ns: nine seconds. */
    private static final int MAX_SLICE_SHIFT = 33;

    // A counter: frames, whether it is alert, and the last bits of the slice they belong to. One that was not touched
    // for 256 slices may be taken for a new one: its next frames are looked up then although they need not be.
    private static final int COUNT_MASK = 0x7f;
    private static final int ALERT = 0x80;
    private static final int SLICE_SHIFT = 8;
    private static final int SLICE_MASK = 0xff;

    private final char[] cells = new char[1 << CELL_BITS];
    private final int frames;
    private final int sliceShift;

    private LightKeys(long frames, int sliceShift) {
        this.frames = (int) frames;
        this.sliceShift = sliceShift;
    }

    /** Whether a key may send so much at once, and so fast, that this can help at all. */
    static boolean canServe(long framesAtOnce, long framesPerSecond) {
        return framesAtOnce / UNNOTED_OF_BURST > 1
                && sliceShift(frames(framesAtOnce), framesPerSecond) <= MAX_SLICE_SHIFT;
    }

    /**
     * Counters that begin at 0.
     *
     * @param framesAtOnce that a key of which nothing was seen may send, whatever their size
     * @param framesPerSecond that it may send in the long run, whatever their size
     */
    static LightKeys of(long framesAtOnce, long framesPerSecond) {
        long frames = frames(framesAtOnce);
        return new LightKeys(frames, sliceShift(frames, framesPerSecond));
    }

    private static long frames(long framesAtOnce) {
        return Math.min(MAX_FRAMES, framesAtOnce / UNNOTED_OF_BURST);
    }

    /** The power of two of nanoseconds in which the rate gives {@link #UNNOTED_OF_RATE} times as many frames, or more. */
    private static int sliceShift(long frames, long framesPerSecond) {
        double sliceNs = frames * UNNOTED_OF_RATE * 1e9 / Math.max(1, framesPerSecond);
        return 1 + Math.getExponent(sliceNs);
    }

    /** Counts a frame. Answers whether its key can have sent only few. */
    @HotPath
    boolean passes(long hash, long nowNs) {
        int at = index(hash);
        int slice = slice(nowNs);
        int cell = cells[at];
        int age = slice - (cell >>> SLICE_SHIFT) & SLICE_MASK;
        if (age != 0) {
            cell = slice << SLICE_SHIFT | (age == 1 && (cell & COUNT_MASK) > frames ? ALERT : 0);
        }
        int count = cell & COUNT_MASK;
        // Beyond one too many there is nothing more to know.
        cells[at] = (char) (count <= frames ? cell + 1 : cell);
        return count < frames && (cell & ALERT) == 0;
    }

    /** Whether {@link #passes} will probably say so; counts nothing. */
    @HotPath
    boolean probablyPasses(long hash) {
        int cell = cells[index(hash)];
        return (cell & COUNT_MASK) < frames && (cell & ALERT) == 0;
    }

    /** Other bits than those that choose a set. */
    private static int index(long hash) {
        return (int) (hash >>> Byte.SIZE) & (1 << CELL_BITS) - 1;
    }

    private int slice(long nowNs) {
        return (int) (nowNs >>> sliceShift) & SLICE_MASK;
    }

    long memoryBytes() {
        return (long) Character.BYTES * cells.length;
    }
}
