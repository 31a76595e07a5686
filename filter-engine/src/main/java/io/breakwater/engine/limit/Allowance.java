package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * What one key may send: the judgement of a limit on the state of one table entry, {@code hold} included.
 *
 * <p>A key that found no token is refused until {@code hold} has passed since its last frame that found none. Its frames
 * keep taking tokens meanwhile, and each one that finds none arms the hold anew.
 *
 * <p><b>Thread:</b> immutable; the state belongs to the filter worker that owns the table.
 */
abstract sealed class Allowance permits TokenBuckets, CountingWindow {
    /** Holds and windows beyond 36 years count as that, so that differences of times never wrap. */
    static final long MAX_NS = 1L << 60;

    /** Stands for a miss that never was: longer ago than any hold. */
    private static final long NEVER_NS = 1L << 61;

    private final long holdNs;
    private final long maxWeightNs;

    /**
     * @param holdNs at least 0
     * @param maxWeightNs how far {@link #spentWeightNs} may lie ahead of the key's last frame
     */
    Allowance(long holdNs, long maxWeightNs) {
        this.holdNs = Math.min(holdNs, MAX_NS);
        this.maxWeightNs = maxWeightNs;
    }

    /** What may let light keys pass a full table unseen; null where each frame has to be counted, as with a hold. */
    final @Nullable LightKeys lightKeys() {
        long atOnce = framesAtOnce();
        long perSecond = framesPerSecond();
        return holdNs == 0 && LightKeys.canServe(atOnce, perSecond) ? LightKeys.of(atOnce, perSecond) : null;
    }

    /** Frames that a key of which nothing was seen may send, whatever their size. */
    abstract long framesAtOnce();

    /** Frames that a key may send each second in the long run, whatever their size. */
    abstract long framesPerSecond();

    /** Makes {@code at} a key of which nothing was seen yet. */
    @HotPath
    final void start(EntryMemory memory, int at, long nowNs) {
        memory.near[at + EntryMemory.SEEN_NS] = nowNs;
        memory.far[at + EntryMemory.MISSED_NS] = nowNs - NEVER_NS;
        memory.near[at + EntryMemory.PACKETS_SPENT] = 0;
        memory.near[at + EntryMemory.BITS_SPENT] = 0;
    }

    /** Whether each frame asks when the key was last refused. */
    final boolean holds() {
        return holdNs != 0;
    }

    /** Whether a frame of the key passes; takes its tokens if the key has them. */
    @HotPath
    final boolean admits(EntryMemory memory, int at, int frameBytes, long nowNs) {
        if (takes(memory, at, frameBytes, nowNs)) {
            // Unsigned: a clock that jumped on by centuries is still later than the miss, not before it.
            return holdNs == 0 || Long.compareUnsigned(nowNs - memory.far[at + EntryMemory.MISSED_NS], holdNs) >= 0;
        }
        memory.far[at + EntryMemory.MISSED_NS] = nowNs;
        return false;
    }

    /** Notes that a frame was seen, and takes its tokens if all of them are there: otherwise takes none. */
    @HotPath
    abstract boolean takes(EntryMemory memory, int at, int frameBytes, long nowNs);

    /**
     * From when on forgetting the entry changes no verdict: what it spent is there again, its hold has passed. A time of
     * the lane's clock, in nanoseconds; may be late by the rounding of {@link #spentUntilNs}, never early.
     */
    final long neededUntilNs(EntryMemory memory, int at) {
        long spentUntilNs = spentUntilNs(memory, at);
        return holdNs == 0 ? spentUntilNs : later(spentUntilNs, memory.far[at + EntryMemory.MISSED_NS] + holdNs);
    }

    /**
     * What the entry weighs when a full table must forget one: a time, the later the heavier, at least {@link
     * #neededUntilNs}. The earlier it is, the less is lost with the entry, and the longer ago it was seen; a key on hold
     * weighs more than any that is not.
     */
    final long weightNs(EntryMemory memory, int at) {
        long spent = spentWeightNs(memory, at);
        return holdNs == 0 ? spent : later(spent, memory.far[at + EntryMemory.MISSED_NS] + holdNs + maxWeightNs);
    }

    /** From when on what the key used up is there again, without regard to the hold. */
    abstract long spentUntilNs(EntryMemory memory, int at);

    /** The weight of what the key used up: from {@link #spentUntilNs} to now plus the largest weight. */
    abstract long spentWeightNs(EntryMemory memory, int at);

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }
}
