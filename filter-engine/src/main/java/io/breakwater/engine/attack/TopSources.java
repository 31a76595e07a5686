package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;

/**
 * The sources that sent most, per entry of a table: Space-Saving (Metwally et al., 2005) with {@value #COUNTERS} counters.
 *
 * <p>Exact for up to {@value #COUNTERS} sources. With more, each source that sent over 1/{@value #COUNTERS} of the frames is
 * among them, and what is reported is at most what it sent: its counter less what it inherited.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone. <b>Cost:</b> a scan of the counters per frame.
 */
final class TopSources {
    static final int COUNTERS = 16;

    private static final int HI = 0;
    private static final int LO = 1;
    private static final int COUNT = 2;
    private static final int INHERITED = 3;
    private static final int WORDS = 4;

    private final int[] used;
    private final long[] words;

    TopSources(int entries) {
        this.used = new int[entries];
        this.words = new long[entries * COUNTERS * WORDS];
    }

    /** Forgets all sources of an entry. */
    @HotPath
    void clear(int entry) {
        used[entry] = 0;
    }

    /** Counts a frame of a source. */
    @HotPath
    void add(int entry, long hi, long lo) {
        int first = entry * COUNTERS * WORDS;
        int end = first + used[entry] * WORDS;
        int least = first;
        for (int at = first; at < end; at += WORDS) {
            if (words[at + LO] == lo && words[at + HI] == hi) {
                words[at + COUNT]++;
                return;
            }
            if (words[at + COUNT] < words[least + COUNT]) {
                least = at;
            }
        }
        if (used[entry] < COUNTERS) {
            used[entry]++;
            set(end, hi, lo, 0);
        } else {
            set(least, hi, lo, words[least + COUNT]);
        }
    }

    @HotPath
    private void set(int at, long hi, long lo, long inherited) {
        words[at + HI] = hi;
        words[at + LO] = lo;
        words[at + COUNT] = inherited + 1;
        words[at + INHERITED] = inherited;
    }

    /**
     * Writes the heaviest sources as (hi, lo, packets) each, the heaviest first.
     *
     * @param scale frames that each counted one stands for, at least 1
     * @return how many were written, at most {@code most}
     */
    int writeHeaviest(int entry, int most, double scale, long[] out, int offset) {
        int first = entry * COUNTERS * WORDS;
        int taken = 0;
        int written = 0;
        while (written < Math.min(most, used[entry])) {
            int best = -1;
            for (int i = 0; i < used[entry]; i++) {
                boolean free = (taken & 1 << i) == 0;
                if (free && (best < 0 || sure(first, i) > sure(first, best))) {
                    best = i;
                }
            }
            taken |= 1 << best;
            out[offset + 3 * written] = words[first + best * WORDS + HI];
            out[offset + 3 * written + 1] = words[first + best * WORDS + LO];
            out[offset + 3 * written + 2] = (long) (sure(first, best) * scale);
            written++;
        }
        return written;
    }

    private long sure(int first, int counter) {
        int at = first + counter * WORDS;
        return words[at + COUNT] - words[at + INHERITED];
    }

    long memoryBytes() {
        return Long.BYTES * (long) words.length + Integer.BYTES * (long) used.length;
    }
}
