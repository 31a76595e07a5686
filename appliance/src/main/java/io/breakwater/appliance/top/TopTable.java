package io.breakwater.appliance.top;

/**
 * The heaviest keys of a stream: Space-Saving (Metwally et al., 2005) with {@value #COUNTERS} counters.
 *
 * <p>With at most {@value #COUNTERS} keys the sums are those of what was added. With more, every key above 1/{@value
 * #COUNTERS} of the weight is there, and a counter is too large by what it took over at most.
 *
 * <p><b>Thread:</b> whoever holds the lock of {@link TopTalkers}. <b>Cost:</b> a scan of the counters per sample.
 */
final class TopTable {
    static final int COUNTERS = 128;

    private final long[] lo = new long[COUNTERS];
    private final long[] hi = new long[COUNTERS];
    private final long[] tag = new long[COUNTERS];
    private final double[] weight = new double[COUNTERS];
    private final double[] inherited = new double[COUNTERS];
    private final double[] other = new double[COUNTERS];
    private final double[] variance = new double[COUNTERS];
    private int used;

    /** Forgets everything. */
    void clear() {
        used = 0;
    }

    /**
     * Adds a sample.
     *
     * @param keyTag what kind of key, such as its address family
     * @param amount what keys are ranked by
     * @param companion the other amount, which is summed only
     * @param spread variance that the sample adds to the amount's sum
     */
    void add(long keyTag, long keyHi, long keyLo, double amount, double companion, double spread) {
        int least = 0;
        for (int i = 0; i < used; i++) {
            if (lo[i] == keyLo && hi[i] == keyHi && tag[i] == keyTag) {
                add(i, amount, companion, spread);
                return;
            }
            least = weight[i] < weight[least] ? i : least;
        }
        boolean free = used < COUNTERS;
        int place = free ? used++ : least;
        inherited[place] = free ? 0 : weight[place];
        lo[place] = keyLo;
        hi[place] = keyHi;
        tag[place] = keyTag;
        other[place] = 0;
        variance[place] = 0;
        weight[place] = inherited[place];
        add(place, amount, companion, spread);
    }

    private void add(int place, double amount, double companion, double spread) {
        weight[place] += amount;
        other[place] += companion;
        variance[place] += spread;
    }

    /** Adds every counter to a sum. */
    void addTo(TopSums sums) {
        for (int i = 0; i < used; i++) {
            sums.add(tag[i], hi[i], lo[i], weight[i] - inherited[i], inherited[i], other[i], variance[i]);
        }
    }
}
