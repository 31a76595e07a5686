package io.breakwater.engine.limit;

/**
 * Where the entries of one {@link KeyTable} lie, in two parts with the same indices: what each frame of a key reads and
 * writes is near, {@value #WORDS} words of 64 bits, two entries a cache line; what it needs only now and then is far, as many.
 *
 * <p><b>Near</b>: who the key is, when its last frame came, what it spent. <b>Far</b>: the address where 64 bits do not say
 * who it is (IPv6 and pairs), when a frame was refused, and what was spent beyond 63 bits. So a light IPv4 sender is
 * served from its near words alone.
 *
 * <p><b>Thread:</b> that of the table.
 */
final class EntryMemory {
    /** Words of an entry in each part. */
    static final int WORDS = 4;

    /** Near: {@link #identity}, or 0 where there is no key. */
    static final int IDENTITY = 0;
    /** Near: when the key's last frame came. */
    static final int SEEN_NS = 1;
    /** Near: spent packets as {@link TokenBucket} says; or when the window opened. */
    static final int PACKETS_SPENT = 2;
    /** Near: spent bits; or the frames of the window. */
    static final int BITS_SPENT = 3;

    static final int WINDOW_OPENED_NS = PACKETS_SPENT;
    static final int WINDOW_FRAMES = BITS_SPENT;

    /** Far: the upper 64 bits of an IPv6 address; 0 for IPv4. */
    private static final int ADDRESS_HI = 0;
    /** Far: the rest of the address. */
    private static final int ADDRESS_LO = 1;
    /** Far: when the key's last frame that found no token came. */
    static final int MISSED_NS = 2;
    /** Far: what was spent beyond 63 bits, packets in the lower half, bits in the upper. */
    static final int SPENT_HIGH = 3;

    // An identity is one of two things: the whole key, 19 bits of tag and 32 of address; or 19 bits of tag and 44 of
    // hash, where
    // the address has to be compared too. Neither is 0.
    private static final long WHOLE = 1L << 62;
    private static final int TAG_SHIFT = 32;
    private static final long HASHED = Long.MIN_VALUE;
    private static final int HASHED_TAG_SHIFT = 44;
    private static final int HASH_SHIFT = 20;

    /** Words before the first entry: with the 16-byte array header they make a line, in arrays that begin at one. */
    private static final int LINE_OFFSET = 6;

    final long[] near;
    final long[] far;
    // The other address of each pair, two words; empty where keys have one address.
    private final long[] second;

    /**
     * No keys.
     *
     * @param slots entries
     * @param pairs whether a key has two addresses
     */
    EntryMemory(int slots, boolean pairs) {
        this.near = new long[wordOf(slots)];
        this.far = new long[wordOf(slots)];
        this.second = new long[pairs ? secondOf(wordOf(slots)) : 0];
    }

    /** What it takes, in bytes, before there is any. */
    static long bytes(long slots, boolean pairs) {
        long words = LINE_OFFSET + slots * WORDS;
        return Long.BYTES * (2 * words + (pairs ? words / 2 : 0));
    }

    /** Where the entry of a slot begins, in both parts. */
    static int wordOf(int slot) {
        return LINE_OFFSET + slot * WORDS;
    }

    private static int secondOf(int at) {
        return at >>> 1;
    }

    /** Whether keys have two addresses. */
    boolean hasPairs() {
        return second.length != 0;
    }

    /**
     * What tells keys apart, or most of them.
     *
     * @param pairs whether a key has two addresses; the first one is given here
     * @param hash of the key
     * @param tag less than 2^19
     */
    static long identity(boolean pairs, long hash, long tag, long hi, long lo) {
        return hi == 0 && lo >>> 32 == 0 && !pairs
                ? WHOLE | tag << TAG_SHIFT | lo
                : HASHED | tag << HASHED_TAG_SHIFT | hash >>> HASH_SHIFT;
    }

    /** Whether the entry is the key's, as far as the identity says. */
    boolean holds(int at, long identity) {
        return near[at + IDENTITY] == identity;
    }

    /** Whether such an identity is all there is to a key. */
    static boolean isWhole(long identity) {
        return identity >= 0;
    }

    /** Whether the entry is that of the addresses. */
    boolean holdsAddresses(int at, long hi, long lo, long secondHi, long secondLo) {
        return far[at + ADDRESS_LO] == lo
                && far[at + ADDRESS_HI] == hi
                && (!hasPairs() || (second[secondOf(at)] == secondLo && second[secondOf(at) + 1] == secondHi));
    }

    /** Gives the entry to a key; what it spent is the caller's to say. */
    void give(int at, long identity, long hi, long lo, long secondHi, long secondLo) {
        near[at + IDENTITY] = identity;
        far[at + ADDRESS_HI] = hi;
        far[at + ADDRESS_LO] = lo;
        if (hasPairs()) {
            second[secondOf(at)] = secondLo;
            second[secondOf(at) + 1] = secondHi;
        }
    }

    /** From now on the entry is no key's. */
    void forget(int at) {
        near[at + IDENTITY] = 0;
    }

    /** Reads both ends of the near part, so that it is at hand: an array begins anywhere in a line. */
    long touchNear(int at) {
        return near[at] ^ near[at + WORDS - 1];
    }

    /** Reads both ends of the far part. */
    long touchFar(int at) {
        return far[at] ^ far[at + WORDS - 1];
    }
}
