package io.breakwater.appliance.config;

/**
 * How a pair's lanes are laid onto threads; the reasons are in docs/adr/0005.
 *
 * @param perLane 1 to 3, see {@code PipelineSettings}
 * @param lanesShareThread both lanes on one thread; only with one per lane
 */
public record ThreadPlan(int perLane, boolean lanesShareThread) {
    /** From so many cores on, the two lanes do not share them. Measured with two cores only. */
    private static final int CORES_FOR_TWO_LANES = 4;

    /** What the pair asks for, or what suits its backend and this many cores. */
    public static ThreadPlan of(PairConfig pair, int cores) {
        if (pair.threads() != PairConfig.THREADS_BY_CORES) {
            return new ThreadPlan(pair.threads(), false);
        }
        boolean few = cores < CORES_FOR_TWO_LANES;
        return pair.backend() == PairConfig.Backend.XDP ? new ThreadPlan(1, few) : new ThreadPlan(few ? 1 : 2, false);
    }

    /** Of the whole pair. */
    public int threads() {
        return lanesShareThread ? 1 : 2 * perLane;
    }
}
