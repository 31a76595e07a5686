package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Rate;

/**
 * Exact token-bucket arithmetic on state that lies in a table's words: no rounding, no drift, no overflow, from one
 * packet a day to 1 Tbit/s.
 *
 * <p><b>Why</b> it counts what is spent: zeroed memory is a full bucket, and after a reload what a key has spent stays
 * spent, whatever the new rate and burst are (it never counts for more than the new burst).
 *
 * <p><b>Unit</b>: 1/86,400,000,000,000 of a token, the nanoseconds of a day. Every rate per second, minute, hour or day
 * gains a whole number of units each nanosecond, so no division is needed, and the unit does not depend on the rate.
 * Spent units take 96 bits; products are 128 bits wide.
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
    private static final double TWO_TO_64 = 0x1p64;

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
        this.spentWord = packets ? Entry.PACKETS_SPENT : Entry.BITS_SPENT;
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
    boolean take(long[] words, int at, long elapsedNs, long tokens) {
        long lo = words[at + spentWord];
        long high = words[at + Entry.SPENT_HIGH];
        if (oneWord && (high >>> highShift & HIGH_MASK) == 0 && Long.compareUnsigned(lo, capacityLo) <= 0) {
            return takeOfOneWord(words, at, lo, elapsedNs, tokens);
        }
        long gainLo = elapsedNs * unitsPerNs;
        long borrow = Long.compareUnsigned(lo, gainLo) < 0 ? 1 : 0;
        long hi = (high >>> highShift & HIGH_MASK) - Math.multiplyHigh(elapsedNs, unitsPerNs) - borrow;
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
        words[at + spentWord] = there ? afterLo : lo;
        words[at + Entry.SPENT_HIGH] = high & ~(HIGH_MASK << highShift) | (there ? afterHi : hi) << highShift;
        return there;
    }

    /** The same with 64 bits, where neither what is spent nor the capacity has more than 63: most buckets of packets. */
    @HotPath
    private boolean takeOfOneWord(long[] words, int at, long spent, long elapsedNs, long tokens) {
        // Within the time to full the gain is less than the capacity, so nothing overflows.
        long left = elapsedNs >= fullAfterNs ? 0 : Math.max(0, spent - elapsedNs * unitsPerNs);
        boolean there = tokens <= burst && left + tokens * UNITS_PER_TOKEN - capacityLo <= 0;
        words[at + spentWord] = there ? left + tokens * UNITS_PER_TOKEN : left;
        return there;
    }

    /** Gives back what was just {@linkplain #take taken}. */
    @HotPath
    void giveBack(long[] words, int at, long tokens) {
        long cost = tokens * UNITS_PER_TOKEN;
        long lo = words[at + spentWord];
        long borrow = Long.compareUnsigned(lo, cost) < 0 ? 1 : 0;
        long costHigh = Math.multiplyHigh(tokens, UNITS_PER_TOKEN) + borrow;
        words[at + spentWord] = lo - cost;
        words[at + Entry.SPENT_HIGH] -= costHigh << highShift;
    }

    /** How much of the bucket was spent at the last frame, 0 to 1. For choosing what to evict: rounded. */
    double spentShare(long[] words, int at) {
        long lo = words[at + spentWord];
        double low = (lo >>> 1) * 2.0 + (lo & 1);
        return Math.min(1.0, ((words[at + Entry.SPENT_HIGH] >>> highShift & HIGH_MASK) * TWO_TO_64 + low) / capacity);
    }

    private boolean fits(long hi, long lo) {
        return hi < capacityHi || (hi == capacityHi && Long.compareUnsigned(lo, capacityLo) <= 0);
    }
}
