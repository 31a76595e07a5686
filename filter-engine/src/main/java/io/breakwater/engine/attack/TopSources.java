package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;

/**
 * The sources that sent most, per entry of a table: Space-Saving (Metwally et al., 2005) with {@value #COUNTERS} counters.
 *
 * <p>Exact for up to {@value #COUNTERS} sources. With more, each source that sent over 1/{@value #COUNTERS} of the frames is
 * among them, and what it sent lies between its counter less what it inherited, and its counter.
 *
 * <p>A byte of each source's hash stands in two words of the entry, so that a source that is not among them, as most of a
 * flood are, is known by those alone. Which counter is least is not looked for anew each time either: counters only grow,
 * so those before {@code LEAST_FROM} stay above {@code LEAST} until all are.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone. <b>Cost:</b> a look at two words, and at two counters as a rule.
 */
final class TopSources {
    static final int COUNTERS = 16;

    /** Words that {@link #writeHeaviest} writes of each source. */
    static final int WRITTEN_WORDS = 4;

    private static final int HI = 0;
    private static final int LO = 1;
    private static final int COUNT = 2;
    private static final int INHERITED = 3;
    private static final int WORDS = 4;

    // What stands before an entry's counters.
    private static final int MARKS = 0;
    private static final int MARKS_WORDS = COUNTERS / Long.BYTES;
    private static final int USED = MARKS_WORDS;
    /** No counter is below this. */
    private static final int LEAST = USED + 1;
    /** No counter before this one is at it. */
    private static final int LEAST_FROM = LEAST + 1;

    private static final int HEAD_WORDS = LEAST_FROM + 1;
    private static final int ENTRY_WORDS = HEAD_WORDS + COUNTERS * WORDS;

    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private final long[] words;

    TopSources(int entries) {
        this.words = new long[entries * ENTRY_WORDS];
    }

    /** Forgets all sources of an entry. */
    @HotPath
    void clear(int entry) {
        int at = entry * ENTRY_WORDS;
        words[at + USED] = 0;
        words[at + LEAST] = 0;
        words[at + LEAST_FROM] = COUNTERS;
    }

    /**
     * Counts a frame of a source.
     *
     * @param hash of the source, the same each time
     */
    @HotPath
    void add(int entry, long hi, long lo, long hash) {
        int at = entry * ENTRY_WORDS;
        int used = (int) words[at + USED];
        int counter = find(at, used, hi, lo, hash);
        if (counter >= 0) {
            words[counterAt(at, counter) + COUNT]++;
        } else if (used < COUNTERS) {
            words[at + USED] = used + 1L;
            set(at, used, hi, lo, hash, 0);
        } else {
            int least = least(at);
            set(at, least, hi, lo, hash, words[counterAt(at, least) + COUNT]);
        }
    }

    /** The source's counter, or -1. */
    @HotPath
    private int find(int at, int used, long hi, long lo, long hash) {
        long mark = (hash & 0xff) * EVERY_BYTE;
        for (int word = 0; word < MARKS_WORDS; word++) {
            long candidates = zeroBytes(words[at + MARKS + word] ^ mark);
            while (candidates != 0) {
                int counter = word * Long.BYTES + (Long.numberOfTrailingZeros(candidates) >>> 3);
                int source = counterAt(at, counter);
                if (counter < used && words[source + LO] == lo && words[source + HI] == hi) {
                    return counter;
                }
                candidates &= candidates - 1;
            }
        }
        return -1;
    }

    /** The first of the counters that are least; all are used. */
    @HotPath
    private int least(int at) {
        long least = words[at + LEAST];
        for (int counter = (int) words[at + LEAST_FROM]; counter < COUNTERS; counter++) {
            if (words[counterAt(at, counter) + COUNT] == least) {
                words[at + LEAST_FROM] = counter;
                return counter;
            }
        }
        return leastOfAll(at);
    }

    @HotPath
    private int leastOfAll(int at) {
        int found = 0;
        for (int counter = 1; counter < COUNTERS; counter++) {
            if (words[counterAt(at, counter) + COUNT] < words[counterAt(at, found) + COUNT]) {
                found = counter;
            }
        }
        words[at + LEAST] = words[counterAt(at, found) + COUNT];
        words[at + LEAST_FROM] = found;
        return found;
    }

    @HotPath
    private void set(int at, int counter, long hi, long lo, long hash, long inherited) {
        int source = counterAt(at, counter);
        words[source + HI] = hi;
        words[source + LO] = lo;
        words[source + COUNT] = inherited + 1;
        words[source + INHERITED] = inherited;
        int shift = (counter & Long.BYTES - 1) * Byte.SIZE;
        int word = at + MARKS + counter / Long.BYTES;
        words[word] = words[word] & ~(0xffL << shift) | (hash & 0xff) << shift;
    }

    private static int counterAt(int at, int counter) {
        return at + HEAD_WORDS + counter * WORDS;
    }

    /** Marks the zero bytes of a word by their top bit. */
    private static long zeroBytes(long word) {
        return ~((word & ~HIGH_BITS) + ~HIGH_BITS | word) & HIGH_BITS;
    }

    /**
     * Writes the heaviest sources as (hi, lo, packets at least, packets at most) each, the most at least first.
     *
     * @param scale frames that each counted one stands for, at least 1
     * @return how many were written, at most {@code most}
     */
    int writeHeaviest(int entry, int most, double scale, long[] out, int offset) {
        int at = entry * ENTRY_WORDS;
        int first = counterAt(at, 0);
        int used = (int) words[at + USED];
        int taken = 0;
        int written = 0;
        while (written < Math.min(most, used)) {
            int best = -1;
            for (int i = 0; i < used; i++) {
                boolean free = (taken & 1 << i) == 0;
                if (free && (best < 0 || sure(first, i) > sure(first, best))) {
                    best = i;
                }
            }
            taken |= 1 << best;
            int source = first + best * WORDS;
            int to = offset + WRITTEN_WORDS * written;
            out[to] = words[source + HI];
            out[to + 1] = words[source + LO];
            out[to + 2] = (long) (sure(first, best) * scale);
            out[to + 3] = (long) (words[source + COUNT] * scale);
            written++;
        }
        return written;
    }

    private long sure(int first, int counter) {
        int at = first + counter * WORDS;
        return words[at + COUNT] - words[at + INHERITED];
    }

    long memoryBytes() {
        return Long.BYTES * (long) words.length;
    }
}
