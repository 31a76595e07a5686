package io.breakwater.bench.traffic;

/**
 * How fast frames are lent.
 *
 * @param kind of pace
 * @param framesPerSecond of an even one
 */
public record Tempo(Kind kind, long framesPerSecond) {
    /** As fast as the pipeline takes them. */
    public static final Tempo FULL = new Tempo(Kind.FULL, 0);

    /** As they were recorded. */
    public static final Tempo RECORDED = new Tempo(Kind.RECORDED, 0);

    /** Kinds of pace. */
    enum Kind {
        FULL,
        EVEN,
        RECORDED
    }

    /** So many frames a second, at least 1. */
    public static Tempo even(long framesPerSecond) {
        return new Tempo(Kind.EVEN, framesPerSecond);
    }
}
