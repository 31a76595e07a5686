package io.breakwater.bench.replay;

/**
 * Breaks of more than 2 ms during one measured stretch.
 *
 * @param dataPath of the thread that sends, between two batches
 * @param control of a thread that does nothing: what machine and JVM did to any thread meanwhile
 * @param jvm pauses of the whole JVM, by its safepoint log
 */
public record Stalls(Gaps.Figures dataPath, Gaps.Figures control, Gaps.Figures jvm) {
    static final Stalls NONE = new Stalls(Gaps.Figures.NONE, Gaps.Figures.NONE, Gaps.Figures.NONE);

    Stalls and(Stalls other) {
        return new Stalls(dataPath.and(other.dataPath), control.and(other.control), jvm.and(other.jvm));
    }
}
