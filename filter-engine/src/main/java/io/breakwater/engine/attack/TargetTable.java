package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;
import java.util.SplittableRandom;

/**
 * What each target got from each vector in the current window, in a fixed amount of memory.
 *
 * <p>A target stands in one of {@value #PROBES} neighbouring places chosen by a hash whose secrets nobody outside knows.
 * <b>When full</b> the place of a target that was quiet for a whole window is taken, else that of the one with the fewest
 * frames in this window: a spray over more targets than there are places forgets targets with a frame or two, not the one
 * that is flooded. Targets under attack keep their place.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone.
 */
final class TargetTable {
    static final int NONE = -1;
    static final int NO_ATTACK = -1;

    private static final int PROBES = 8;

    /** Targets found last that are found again without their hash, a power of two. A flood has few. */
    private static final int RECENT = 256;

    private static final int TAG = 0;
    private static final int HI = 1;
    private static final int LO = 2;
    private static final int WINDOW = 3;
    private static final int PACKETS = 4;
    private static final int BYTES = 5;
    private static final int FIRST_NS = 6;
    /** The attack's number plus one; 0 = none. */
    private static final int ATTACK = 7;
    /** The newest window whose threshold was reached within it. */
    private static final int CROSSED = 8;
    /** The newest window that was over its threshold when it ended. */
    private static final int OVER = 9;

    private static final int WORDS = 10;

    private final int mask;
    // By some bits of the address and the tag: the entry found last; whether it is the right one is always looked at.
    private final int[] recent = new int[RECENT];
    private final long[] words;
    private final SourceSketch sources;
    private final TopSources top;
    private final long secret0;
    private final long secret1;
    private final long secret2;

    /** @param capacity targets, a power of two, at least {@value #PROBES} */
    TargetTable(int capacity, long seed) {
        this.mask = capacity - 1;
        this.words = new long[capacity * WORDS];
        this.sources = new SourceSketch(capacity);
        this.top = new TopSources(capacity);
        SplittableRandom secrets = new SplittableRandom(seed);
        this.secret0 = secrets.nextLong();
        this.secret1 = secrets.nextLong();
        this.secret2 = secrets.nextLong();
    }

    /** The target's entry, or {@link #NONE}. */
    @HotPath
    int find(long tag, long hi, long lo) {
        int recentAt = (int) (lo ^ lo >>> 8 ^ tag) & RECENT - 1;
        int entry = recent[recentAt];
        if (holds(entry, tag, hi, lo)) {
            return entry;
        }
        entry = findFromHome(tag, hi, lo);
        if (entry != NONE) {
            recent[recentAt] = entry;
        }
        return entry;
    }

    @HotPath
    private int findFromHome(long tag, long hi, long lo) {
        int home = home(tag, hi, lo);
        for (int probe = 0; probe < PROBES; probe++) {
            int entry = home + probe & mask;
            if (holds(entry, tag, hi, lo)) {
                return entry;
            }
        }
        return NONE;
    }

    /** The target's entry, made if need be; {@link #NONE} if all its places belong to targets under attack. */
    @HotPath
    int findOrMake(long tag, long hi, long lo, long window) {
        int known = find(tag, hi, lo);
        return known != NONE ? known : make(tag, hi, lo, window);
    }

    @HotPath
    private int make(long tag, long hi, long lo, long window) {
        int home = home(tag, hi, lo);
        int place = NONE;
        long least = Long.MAX_VALUE;
        for (int probe = 0; probe < PROBES; probe++) {
            int entry = home + probe & mask;
            long weight = weight(entry, window);
            if (weight < least) {
                least = weight;
                place = entry;
            }
        }
        if (place != NONE) {
            make(place, tag, hi, lo);
        }
        return place;
    }

    @HotPath
    private boolean holds(int entry, long tag, long hi, long lo) {
        int at = entry * WORDS;
        return words[at + LO] == lo && words[at + HI] == hi && words[at + TAG] == tag;
    }

    /** By what a place is chosen: empty, quiet, few frames; one under attack never. */
    @HotPath
    private long weight(int entry, long window) {
        int at = entry * WORDS;
        if (words[at + ATTACK] != 0) {
            return Long.MAX_VALUE;
        }
        if (words[at + TAG] == 0) {
            return -2;
        }
        return words[at + WINDOW] < window - 1 ? -1 : words[at + PACKETS];
    }

    @HotPath
    private void make(int entry, long tag, long hi, long lo) {
        int at = entry * WORDS;
        words[at + TAG] = tag;
        words[at + HI] = hi;
        words[at + LO] = lo;
        words[at + WINDOW] = -1;
        words[at + CROSSED] = -1;
        words[at + OVER] = -1;
    }

    /** Counts a frame in the current window. */
    @HotPath
    void count(int entry, long window, long bytes, long sourceHi, long sourceLo, long nowNs) {
        enter(entry, window, nowNs);
        int at = entry * WORDS;
        words[at + PACKETS]++;
        words[at + BYTES] += bytes;
        long hash = mix(mix(sourceLo ^ secret2) + sourceHi);
        sources.add(entry, hash);
        top.add(entry, sourceHi, sourceLo, hash);
    }

    /** Begins the current window, if no frame has. */
    @HotPath
    void enter(int entry, long window, long nowNs) {
        if (words[entry * WORDS + WINDOW] != window) {
            startWindow(entry, window, nowNs);
        }
    }

    /** Sources are kept from window to window only while there is an attack, or may be one. */
    @HotPath
    private void startWindow(int entry, long window, long nowNs) {
        int at = entry * WORDS;
        boolean goesOn = words[at + ATTACK] != 0 || (words[at + OVER] >= 0 && words[at + OVER] == window - 1);
        if (!goesOn) {
            sources.clear(entry);
            top.clear(entry);
            words[at + FIRST_NS] = nowNs;
        }
        words[at + WINDOW] = window;
        words[at + PACKETS] = 0;
        words[at + BYTES] = 0;
    }

    /** Takes back frames of this window that turned out to belong to another target. */
    @HotPath
    void takeBack(int entry, long window, long packets, long bytes) {
        int at = entry * WORDS;
        if (words[at + WINDOW] == window) {
            words[at + PACKETS] = Math.max(0, words[at + PACKETS] - packets);
            words[at + BYTES] = Math.max(0, words[at + BYTES] - bytes);
        }
    }

    /** Notes that the window's threshold is reached; true the first time in it. */
    @HotPath
    boolean tryCross(int entry, long window) {
        int at = entry * WORDS + CROSSED;
        boolean first = words[at] != window;
        words[at] = window;
        return first;
    }

    @HotPath
    boolean hasCrossed(int entry, long window) {
        return words[entry * WORDS + CROSSED] == window;
    }

    /** Notes that a window ended over its threshold; true if the one before did too. */
    @HotPath
    boolean endsOverAgain(int entry, long window) {
        int at = entry * WORDS + OVER;
        boolean again = words[at] >= 0 && words[at] == window - 1;
        words[at] = window;
        return again;
    }

    /** Frames in the given window. */
    @HotPath
    long packets(int entry, long window) {
        return words[entry * WORDS + WINDOW] == window ? words[entry * WORDS + PACKETS] : 0;
    }

    /** Bytes in the given window. */
    @HotPath
    long bytes(int entry, long window) {
        return words[entry * WORDS + WINDOW] == window ? words[entry * WORDS + BYTES] : 0;
    }

    @HotPath
    long tag(int entry) {
        return words[entry * WORDS + TAG];
    }

    @HotPath
    long hi(int entry) {
        return words[entry * WORDS + HI];
    }

    @HotPath
    long lo(int entry) {
        return words[entry * WORDS + LO];
    }

    /** When the frames began that its sketches hold. */
    @HotPath
    long firstNs(int entry) {
        return words[entry * WORDS + FIRST_NS];
    }

    /** The number of its attack, or {@link #NO_ATTACK}. */
    @HotPath
    int attack(int entry) {
        return (int) words[entry * WORDS + ATTACK] - 1;
    }

    @HotPath
    void attack(int entry, int attack) {
        words[entry * WORDS + ATTACK] = attack + 1L;
    }

    long sources(int entry) {
        return sources.estimate(entry);
    }

    /** As {@link TopSources#writeHeaviest}. */
    int writeTop(int entry, int most, long[] out, int offset) {
        return top.writeHeaviest(entry, most, out, offset);
    }

    @HotPath
    private int home(long tag, long hi, long lo) {
        return (int) mix(mix(mix(lo ^ secret0) + hi) + (tag ^ secret1)) & mask;
    }

    /** The finalizer of SplitMix64 (Steele et al., 2014). */
    @HotPath
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }

    long memoryBytes() {
        return Long.BYTES * (long) words.length
                + Integer.BYTES * (long) RECENT
                + sources.memoryBytes()
                + top.memoryBytes();
    }
}
