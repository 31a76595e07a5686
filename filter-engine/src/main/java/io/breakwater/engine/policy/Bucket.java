package io.breakwater.engine.policy;

/**
 * A token bucket: its rate and how much it holds. It starts full.
 *
 * @param rate tokens gained
 * @param burst tokens held at most, in the rate's unit (packets or bits), or {@link #SECONDS_WORTH}. A bucket of bits
 *     holds at least the port's largest frame, one of packets at least one, whatever this says
 */
public record Bucket(Rate rate, long burst) {
    /** A burst that is what the bucket gains in a second, to the nanosecond: of 90 packets a minute, one and a half. */
    public static final long SECONDS_WORTH = 0;

    public Bucket {
        if (burst < 0) {
            throw new IllegalArgumentException("a burst is at least 1");
        }
    }

    /** A bucket that holds one second's worth. */
    public static Bucket of(Rate rate) {
        return new Bucket(rate, SECONDS_WORTH);
    }
}
