package io.breakwater.engine;

/**
 * Eight fingerprints in a word, one for each slot of a bucket: the lowest byte is the first slot's, and 0 says that the slot is
 * empty. All eight are compared at once, and a bucket's fit one read.
 */
@HotPath
public final class Fingerprints {
    /** Slots of a bucket. */
    public static final int SLOTS = 8;

    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Fingerprints() {}

    /** The fingerprint of a hash, from its lowest bits: 1 to 255. */
    public static long of(long hash) {
        return Math.max(1, hash & 0xff);
    }

    /** The top bit of each byte whose slot has the fingerprint. */
    public static long matching(long word, long fingerprint) {
        return empty(word ^ fingerprint * EVERY_BYTE);
    }

    /** The top bit of each byte whose slot is empty. */
    public static long empty(long word) {
        return ~((word & ~HIGH_BITS) + ~HIGH_BITS | word) & HIGH_BITS;
    }

    /** The top bit of each byte whose slot is not empty. */
    public static long used(long word) {
        return ~empty(word) & HIGH_BITS;
    }

    /** The slot of the lowest bit of those that were answered, which are not none; the others are behind it. */
    public static int first(long marked) {
        return Long.numberOfTrailingZeros(marked) >>> 3;
    }

    /** The word with another fingerprint, or 0, for a slot. */
    public static long with(long word, int slot, long fingerprint) {
        int shift = slot * Byte.SIZE;
        return word & ~(0xffL << shift) | fingerprint << shift;
    }
}
