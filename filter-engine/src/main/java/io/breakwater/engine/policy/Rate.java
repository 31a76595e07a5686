package io.breakwater.engine.policy;

/**
 * How much per time: {@code amount} packets or bits in {@code periodNs}.
 *
 * @param unit what is counted
 * @param amount at least 1; packets or bits
 * @param periodNs 1 s, 1 min, 1 h or 1 day in nanoseconds
 */
public record Rate(Unit unit, long amount, long periodNs) {
    public static final long SECOND_NS = 1_000_000_000L;

    /** What a rate or a burst counts. */
    public enum Unit {
        PACKETS,
        BITS
    }

    /** Checks the ranges: up to 100 M packets/s, up to 1 Tbit/s. */
    public Rate {
        if (amount < 1 || periodNs < SECOND_NS) {
            throw new IllegalArgumentException("a rate is at least 1 per day");
        }
    }

    /** So many packets each second. */
    public static Rate packetsPerSecond(long packets) {
        return new Rate(Unit.PACKETS, packets, SECOND_NS);
    }

    /** So many bits each second. */
    public static Rate bitsPerSecond(long bits) {
        return new Rate(Unit.BITS, bits, SECOND_NS);
    }

    /** Whole tokens of one second, rounded down. */
    public long perSecond() {
        return amount / (periodNs / SECOND_NS);
    }
}
