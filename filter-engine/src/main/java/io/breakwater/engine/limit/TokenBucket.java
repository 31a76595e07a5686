package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Rate;

/**
 * Exact token-bucket arithmetic on state that lies in a table's memory: no rounding, no drift, no overflow, from one
 * packet a day to 1 Tbit/s.
 *
 * <p><b>Why</b> it counts what is spent: zeroed memory is a full bucket, and after a reload what a key has spent stays
 * spent, whatever the new rate and burst are (it never counts for more than the new burst).
 *
 * <p><b>Unit</b>: 1/86,400,000,000,000 of a token, the nanoseconds of a day. Every rate per second, minute, hour or day
 * gains a whole number of units each nanosecond, so no division is needed, and the unit does not depend on the rate.
 * Spent units take 95 bits, of which the lower 63 are {@linkplain EntryMemory near}; where these are not all, the near word's top
 * bit says so and the others are far. Products are 128 bits wide.
 *
 * <p><b>Cost</b>: three multiplications, no division.
 */
final class TokenBucket {
    /** Nanoseconds of a day. */
    static final long UNITS_PER_TOKEN = 86_400_000_000_000L;

    /** The largest burst in tokens, 2^48 (35 terabytes in bits): a larger one counts as this. */
    static final long MAX_BURST = 1L << 48;

    /** Longest time to full that tables reckon with, in nanoseconds (36 years); buckets themselves have no such bound. */
    static final long MAX_REFILL_NS = 1L << 60;

    private static final long HIGH_MASK = 0xffff_ffffL;
    private static final double TWO_TO_63 = 0x1p63;

    private final long burst;
    private final long unitsPerNs;
    private final long capacityHi;
    private final long capacityLo;
    private final double capacity;
    private final boolean oneWord;
    private final long fullAfterNs;
    private final int spentWord;
    private final int highShift;

    /**
     * @param bucket its rate's period must divide a day
     * @param leastTokens it holds at least so many, whatever its burst says
     */
    TokenBucket(Bucket bucket, long leastTokens) {
        Rate rate = bucket.rate();
        long perToken = UNITS_PER_TOKEN / rate.periodNs();
        if (perToken * rate.periodNs() != UNITS_PER_TOKEN || rate.amount() > Long.MAX_VALUE / perToken) {
            throw new IllegalArgumentException(
                    "a rate is per second, minute, hour or day, and at most " + Long.MAX_VALUE / perToken);
        }
        boolean packets = rate.unit() == Rate.Unit.PACKETS;
        boolean secondsWorth = bucket.burst() == Bucket.SECONDS_WORTH;
        long asked = secondsWorth ? rate.perSecond() : bucket.burst();
        long tokens = Math.min(MAX_BURST, Math.max(asked, leastTokens));
        // A second's worth need not be whole tokens: counted in the units of each nanosecond it is exact.
        boolean exact = secondsWorth && tokens == asked;
        this.unitsPerNs = rate.amount() * perToken;
        long factor = exact ? unitsPerNs : tokens;
        long unit = exact ? Rate.SECOND_NS : UNITS_PER_TOKEN;
        this.burst = tokens;
        this.capacityHi = Math.multiplyHigh(factor, unit);
        this.capacityLo = factor * unit;
        this.capacity = (double) factor * unit;
        this.oneWord = capacityHi == 0 && capacityLo >= 0 && unitsPerNs > 0;
        this.fullAfterNs = oneWord ? Math.ceilDiv(capacityLo, unitsPerNs) : Long.MAX_VALUE;
        this.spentWord = packets ? EntryMemory.PACKETS_SPENT : EntryMemory.BITS_SPENT;
        this.highShift = packets ? 0 : 32;
    }

    /** Tokens of the full bucket, rounded down. */
    long burst() {
        return burst;
    }

    /** Tokens that it gains each second, rounded down. */
    long perSecond() {
        return (long) ((double) unitsPerNs * Rate.SECOND_NS / UNITS_PER_TOKEN);
    }

    /** Nanoseconds in which the empty bucket fills, rounded up, at most {@link #MAX_REFILL_NS}. */
    long refillNs() {
        return (long) Math.min(MAX_REFILL_NS, Math.ceil(capacity / unitsPerNs));
    }

    /**
     * Adds the tokens of the time that passed, then takes some if so many are there; otherwise takes none.
     *
     * @param elapsedNs since the last call, at least 0
     * @param tokens at least 0
     */
    @HotPath
    boolean take(EntryMemory memory, int at, long elapsedNs, long tokens) {
        long word = memory.near[at + spentWord];
        if (oneWord && word >= 0 && word <= capacityLo) {
            return takeOfOneWord(memory.near, at, word, elapsedNs, tokens);
        }
        long far = far(memory, at, word);
        long gainLo = elapsedNs * unitsPerNs;
        long lo = low64(word, far);
        long borrow = Long.compareUnsigned(lo, gainLo) < 0 ? 1 : 0;
        long hi = (far >>> 1) - Math.multiplyHigh(elapsedNs, unitsPerNs) - borrow;
        lo -= gainLo;
        if (hi < 0) {
            hi = 0;
            lo = 0;
        } else if (!fits(hi, lo)) {
            hi = capacityHi;
            lo = capacityLo;
        }
        long cost = tokens * UNITS_PER_TOKEN;
        long afterLo = lo + cost;
        long carry = Long.compareUnsigned(afterLo, cost) < 0 ? 1 : 0;
        long afterHi = hi + Math.multiplyHigh(tokens, UNITS_PER_TOKEN) + carry;
        boolean there = fits(afterHi, afterLo);
        store(memory, at, there ? afterHi : hi, there ? afterLo : lo);
        return there;
    }

    /** The same with 64 bits, where neither what is spent nor the capacity has more than 63: most buckets of packets. All of it is near. */
    @HotPath
    private boolean takeOfOneWord(long[] near, int at, long spent, long elapsedNs, long tokens) {
        // Within the time to full the gain is less than the capacity, so nothing overflows.
        long left = elapsedNs >= fullAfterNs ? 0 : Math.max(0, spent - elapsedNs * unitsPerNs);
        boolean there = tokens <= burst && left + tokens * UNITS_PER_TOKEN - capacityLo <= 0;
        near[at + spentWord] = there ? left + tokens * UNITS_PER_TOKEN : left;
        return there;
    }

    /** Gives back what was just {@linkplain #take taken}. */
    @HotPath
    void giveBack(EntryMemory memory, int at, long tokens) {
        long cost = tokens * UNITS_PER_TOKEN;
        long word = memory.near[at + spentWord];
        long far = far(memory, at, word);
        long lo = low64(word, far);
        long borrow = Long.compareUnsigned(lo, cost) < 0 ? 1 : 0;
        store(memory, at, (far >>> 1) - Math.multiplyHigh(tokens, UNITS_PER_TOKEN) - borrow, lo - cost);
    }

    /** How much of the bucket was spent at the last frame, 0 to 1. For choosing what to evict: rounded. */
    double spentShare(EntryMemory memory, int at) {
        long word = memory.near[at + spentWord];
        return Math.min(1.0, (far(memory, at, word) * TWO_TO_63 + (word & Long.MAX_VALUE)) / capacity);
    }

    /** What is spent beyond 63 bits. */
    private long far(EntryMemory memory, int at, long word) {
        return word >= 0 ? 0 : memory.far[at + EntryMemory.SPENT_HIGH] >>> highShift & HIGH_MASK;
    }

    private static long low64(long word, long far) {
        return word & Long.MAX_VALUE | far << 63;
    }

    private void store(EntryMemory memory, int at, long hi, long lo) {
        long far = hi << 1 | lo >>> 63;
        long low = lo & Long.MAX_VALUE;
        if (far == 0) {
            memory.near[at + spentWord] = low;
            return;
        }
        memory.near[at + spentWord] = low | Long.MIN_VALUE;
        long both = memory.far[at + EntryMemory.SPENT_HIGH];
        memory.far[at + EntryMemory.SPENT_HIGH] = both & ~(HIGH_MASK << highShift) | far << highShift;
    }

    private boolean fits(long hi, long lo) {
        return hi < capacityHi || (hi == capacityHi && Long.compareUnsigned(lo, capacityLo) <= 0);
    }
}
