package io.breakwater.engine.limit;

/**
 * Where the words of one {@link KeyTable} entry stand: key first, then times, then what its {@link Allowance} remembers.
 * All of it but the second address of a pair lies in one 64-byte cache line.
 */
final class Entry {
    /** Address family, and the port: what keeps equal addresses apart. */
    static final int TAG = 0;

    static final int ADDRESS_HI = 1;
    static final int ADDRESS_LO = 2;
    /** When the key's last frame came. */
    static final int SEEN_NS = 3;
    /** When the key's last frame that found no token came. */
    static final int MISSED_NS = 4;
    /** Spent packets, the low 64 bits; or when the window opened. */
    static final int PACKETS_SPENT = 5;
    /** Spent bits, the low 64 bits; or the frames of the window. */
    static final int BITS_SPENT = 6;
    /** The upper 32 bits of both: packets in the lower half, bits in the upper. */
    static final int SPENT_HIGH = 7;

    static final int WINDOW_OPENED_NS = PACKETS_SPENT;
    static final int WINDOW_FRAMES = BITS_SPENT;

    /** The other address of a pair. */
    static final int SECOND_HI = 8;

    static final int SECOND_LO = 9;

    /** Words of an entry whose key has one address. */
    static final int WORDS = 8;

    static final int PAIR_WORDS = 10;

    private Entry() {}
}
