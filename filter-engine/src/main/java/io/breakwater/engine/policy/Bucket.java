package io.breakwater.engine.policy;

/**
 * A token bucket: its rate and how much it holds. It starts full.
 *
 * @param rate tokens gained
 * @param burst tokens held at most, in the rate's unit (packets or bits), at least 1. A bucket of bits holds at least
 *     the port's largest frame, whatever this says
 */
public record Bucket(Rate rate, long burst) {
    public Bucket {
        if (burst < 1) {
            throw new IllegalArgumentException("a burst is at least 1");
        }
    }

    /** A bucket that holds one second's worth. */
    public static Bucket of(Rate rate) {
        return new Bucket(rate, rate.perSecond());
    }
}
