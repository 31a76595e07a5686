package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/**
 * Remembers the verdicts of first fragments for {@value #LIFE_NS} ns, by (source, destination, protocol,
 * identification, address family), in a fixed amount of memory.
 *
 * <p><b>When full:</b> a key lives in one set of {@value #WAYS} entries, chosen by a hash whose seed an attacker does not
 * know. A new key takes an empty or expired entry of its set, else the oldest one. A flood of first fragments therefore
 * shortens memory to about capacity / rate (65,536 entries at 500,000 first fragments/s: 0.13 s, while the fragments of
 * one datagram arrive within milliseconds of each other) and costs no frame more than {@value #WAYS} entries' look. What
 * was forgotten is judged as never seen.
 *
 * <p><b>Overlap:</b> a second first fragment with a key that is alive cannot soften it: a drop stays for its life, a
 * later drop replaces a forward.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone; {@link #entries} may be read by any and may lag.
 */
final class FragmentTable {
    /** What {@link #find} answers for a key that is not alive. */
    static final int UNKNOWN = Integer.MIN_VALUE;

    static final long LIFE_NS = 30_000_000_000L;
    static final int WAYS = 4;

    // One entry is eight longs, 64 bytes: a cache line on the machines this runs on.
    private static final int ENTRY_LONGS = 8;
    private static final int SOURCE_HI = 0;
    private static final int SOURCE_LO = 1;
    private static final int DESTINATION_HI = 2;
    private static final int DESTINATION_LO = 3;
    private static final int DATAGRAM = 4;
    private static final int SINCE_NS = 5;
    private static final int VERDICT = 6;

    // Of the DATAGRAM word: 32 bits identification, 8 bits protocol, then these. 0 is an empty entry.
    private static final long IN_USE = 1L << 40;
    private static final long IPV4 = 1L << 41;

    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L; // 2^64 / golden ratio, as in SplittableRandom

    private final long[] table;
    private final long setMask;
    private final long secret0;
    private final long secret1;
    private final long secret2;
    private final long secret3;
    private int entries;

    /**
     * @param capacity entries, at least 1; rounded up to a power of two and at least {@value #WAYS}
     * @param seed of the hash: random on a live box, fixed in replay, so that it gives the same verdicts each time
     */
    FragmentTable(int capacity, long seed) {
        if (capacity < 1 || capacity > 1 << 27) {
            throw new IllegalArgumentException("a fragment table holds 1 to 134217728 entries, not " + capacity);
        }
        int rounded = Math.max(WAYS, Integer.highestOneBit(2 * capacity - 1));
        this.table = new long[rounded * ENTRY_LONGS];
        this.setMask = (long) rounded / WAYS - 1;
        this.secret0 = secret(seed, 1);
        this.secret1 = secret(seed, 2);
        this.secret2 = secret(seed, 3);
        this.secret3 = secret(seed, 4);
    }

    /** Entries in use; expired ones count until their place is needed. */
    int entries() {
        return entries;
    }

    int capacity() {
        return table.length / ENTRY_LONGS;
    }

    long memoryBytes() {
        return (long) table.length * Long.BYTES;
    }

    /** The verdict of the frame's first fragment, or {@link #UNKNOWN}. */
    @HotPath
    int find(FrameSlot frame, long nowNs) {
        int set = setOf(frame);
        for (int way = 0; way < WAYS; way++) {
            int entry = set + way * ENTRY_LONGS;
            if (holds(entry, frame) && isAlive(entry, nowNs)) {
                return (int) table[entry + VERDICT];
            }
        }
        return UNKNOWN;
    }

    /** Remembers a first fragment's verdict: a reason above 0, or any other number for forwarded. */
    @HotPath
    void put(FrameSlot first, int verdict, long nowNs) {
        int entry = entryFor(first, nowNs);
        boolean staysDropped = holds(entry, first) && isAlive(entry, nowNs) && table[entry + VERDICT] > 0;
        if (staysDropped && verdict <= 0) {
            return;
        }
        if (table[entry + DATAGRAM] == 0) {
            entries++;
        }
        table[entry + SOURCE_HI] = first.sourceHi();
        table[entry + SOURCE_LO] = first.sourceLo();
        table[entry + DESTINATION_HI] = first.destinationHi();
        table[entry + DESTINATION_LO] = first.destinationLo();
        table[entry + DATAGRAM] = datagramOf(first);
        table[entry + SINCE_NS] = nowNs;
        table[entry + VERDICT] = verdict;
    }

    /** The entry that holds the key; else an empty one, an expired one, or the oldest of its set. */
    @HotPath
    private int entryFor(FrameSlot first, long nowNs) {
        int set = setOf(first);
        int victim = set;
        long victimAgeNs = -1;
        for (int way = 0; way < WAYS; way++) {
            int entry = set + way * ENTRY_LONGS;
            if (holds(entry, first)) {
                return entry;
            }
            long ageNs = table[entry + DATAGRAM] == 0 ? Long.MAX_VALUE : nowNs - table[entry + SINCE_NS];
            if (ageNs > victimAgeNs) {
                victim = entry;
                victimAgeNs = ageNs;
            }
        }
        return victim;
    }

    @HotPath
    private boolean holds(int entry, FrameSlot frame) {
        return table[entry + DATAGRAM] == datagramOf(frame)
                && table[entry + SOURCE_LO] == frame.sourceLo()
                && table[entry + DESTINATION_LO] == frame.destinationLo()
                && table[entry + SOURCE_HI] == frame.sourceHi()
                && table[entry + DESTINATION_HI] == frame.destinationHi();
    }

    @HotPath
    private boolean isAlive(int entry, long nowNs) {
        return nowNs - table[entry + SINCE_NS] < LIFE_NS;
    }

    @HotPath
    private static long datagramOf(FrameSlot frame) {
        return frame.fragmentId() & 0xffff_ffffL
                | (long) (frame.fragmentProtocol() & 0xff) << 32
                | (frame.isIpv4() ? IPV4 | IN_USE : IN_USE);
    }

    /** Index of the first entry of the key's set. Each step folds a full product, so that no input bit is lost. */
    @HotPath
    private int setOf(FrameSlot frame) {
        long hash = fold(frame.sourceHi() ^ secret0, frame.sourceLo() ^ secret1);
        hash = fold(hash ^ frame.destinationHi() ^ secret2, frame.destinationLo() ^ secret3);
        hash = fold(hash ^ secret1, datagramOf(frame) ^ secret2);
        // One product alone is linear in the identification.
        hash = fold(hash ^ secret0, secret3);
        return (int) (hash & setMask) * WAYS * ENTRY_LONGS;
    }

    @HotPath
    private static long fold(long a, long b) {
        return Math.multiplyHigh(a, b) ^ a * b;
    }

    /** The nth output of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
    private static long secret(long seed, long nth) {
        long z = seed + nth * GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }
}
