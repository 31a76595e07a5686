package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;

/**
 * Converts the time stamps of one pcapng interface to nanoseconds since the epoch, exactly: any {@code if_tsresol}
 * (10<sup>-n</sup> or 2<sup>-n</sup>, n up to 127) and any {@code if_tsoffset}; finer than a nanosecond is truncated, and
 * what a signed 64-bit number of nanoseconds cannot hold (before 1677, after 2262) becomes its nearest bound.
 */
final class TickScale {
    /** Microseconds since the epoch: what an interface without options counts in. */
    static final int MICROSECONDS = 6;

    static final long NS_PER_SECOND = 1_000_000_000L;

    private static final int POWER_OF_TWO = 0x80;
    private static final int NS_DIGITS = 9;
    /** 10^19 is the largest power of ten in 64 unsigned bits. */
    private static final int MAX_DIGITS = 19;
    /** Whole seconds at the bounds of a signed 64-bit number of nanoseconds. */
    private static final long MAX_SECOND = Math.floorDiv(Long.MAX_VALUE, NS_PER_SECOND);

    private static final long MIN_SECOND = Math.floorDiv(Long.MIN_VALUE, NS_PER_SECOND);
    private final boolean binary;
    private final int exponent;
    private final long ticksPerSecond;
    private final long fractionDivisor;
    private final long fractionFactor;
    private final long offsetSeconds;

    /**
     * @param resolution the option's byte: n for 10<sup>-n</sup> s, 0x80 | n for 2<sup>-n</sup> s
     * @param offsetSeconds added to every stamp
     */
    TickScale(int resolution, long offsetSeconds) {
        binary = (resolution & POWER_OF_TWO) != 0;
        exponent = resolution & (POWER_OF_TWO - 1);
        this.offsetSeconds = offsetSeconds;
        ticksPerSecond = !binary && exponent <= MAX_DIGITS ? powerOfTen(exponent) : 0;
        fractionFactor = exponent < NS_DIGITS ? powerOfTen(NS_DIGITS - exponent) : 1;
        int excess = Math.max(exponent - NS_DIGITS, 0);
        fractionDivisor = excess <= MAX_DIGITS ? powerOfTen(excess) : 0;
    }

    private static long powerOfTen(int digits) {
        long power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }

    /** Nanoseconds since the epoch of an unsigned number of ticks. */
    @HotPath
    long toNs(long ticks) {
        return binary ? fromBinary(ticks) : fromDecimal(ticks);
    }

    @HotPath
    private long fromDecimal(long ticks) {
        long seconds = ticksPerSecond == 0 ? 0 : Long.divideUnsigned(ticks, ticksPerSecond);
        long rest = ticks - seconds * ticksPerSecond;
        long fraction = fractionDivisor == 0 ? 0 : Long.divideUnsigned(rest, fractionDivisor) * fractionFactor;
        return join(seconds, fraction);
    }

    @HotPath
    private long fromBinary(long ticks) {
        if (exponent == 0) {
            return join(ticks, 0);
        }
        boolean onlyFraction = exponent >= Long.SIZE;
        long seconds = onlyFraction ? 0 : ticks >>> exponent;
        long rest = onlyFraction ? ticks : ticks & ((1L << exponent) - 1);
        long high = Math.unsignedMultiplyHigh(rest, NS_PER_SECOND);
        long low = rest * NS_PER_SECOND;
        long fraction =
                onlyFraction ? high >>> (exponent - Long.SIZE) : high << (Long.SIZE - exponent) | low >>> exponent;
        return join(seconds, fraction);
    }

    /** @param seconds unsigned */
    @HotPath
    private long join(long seconds, long fractionNs) {
        long total = seconds + offsetSeconds;
        boolean past64Bits = seconds < 0 ? offsetSeconds >= 0 || total < 0 : offsetSeconds > 0 && total < 0;
        if (past64Bits) {
            return Long.MAX_VALUE;
        }
        if (total >= MAX_SECOND) {
            long room = Long.MAX_VALUE - MAX_SECOND * NS_PER_SECOND;
            return total > MAX_SECOND || fractionNs > room ? Long.MAX_VALUE : total * NS_PER_SECOND + fractionNs;
        }
        if (total <= MIN_SECOND) {
            // The second itself lies below the range; only its last part is representable.
            long above = (MIN_SECOND + 1) * NS_PER_SECOND;
            long missing = NS_PER_SECOND - fractionNs;
            return total < MIN_SECOND || missing > above - Long.MIN_VALUE ? Long.MIN_VALUE : above - missing;
        }
        return total * NS_PER_SECOND + fractionNs;
    }
}
