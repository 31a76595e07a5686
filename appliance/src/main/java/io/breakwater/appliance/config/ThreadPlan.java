package io.breakwater.appliance.config;

/**
 * How a pair's lanes are laid onto threads; the reasons are in docs/adr/0005.
 *
 * @param perLane 1 to 3, see {@code PipelineSettings}
 * @param lanesShareThread both lanes on one thread; only with one per lane
 */
public record ThreadPlan(int perLane, boolean lanesShareThread) {
    /** From so many cores on, each lane has a thread of its own. Measured with two cores only. */
    private static final int CORES_FOR_TWO_LANES = 4;

    /** What the pair asks for, or what suits its backend and this many cores. */
    public static ThreadPlan of(PairConfig pair, int cores) {
        if (pair.threads() != PairConfig.THREADS_BY_CORES) {
            return new ThreadPlan(pair.threads(), false);
        }
        return new ThreadPlan(1, cores < CORES_FOR_TWO_LANES);
    }

    /** Of the whole pair. */
    public int threads() {
        return lanesShareThread ? 1 : 2 * perLane;
    }
}
