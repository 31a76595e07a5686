package io.breakwater.appliance.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several {@link TopTable}s added up. */
final class TopSums {
    private final Map<Key, Sum> sums = new HashMap<>();

    record Key(long tag, long hi, long lo) {}

    private static final class Sum {
        private double sure;
        private double inherited;
        private double other;
        private double variance;
    }

    /**
     * One key and its sums.
     *
     * @param amount what the key was ranked by, at least
     * @param missing so much more may have been lost to keys that shared its counter, at most
     * @param other the other amount, likewise at least
     * @param variance of the amount, from sampling
     */
    record Entry(Key key, double amount, double missing, double other, double variance) {
        /** How far the amount may be off, with 95 % confidence; 0 = it is exact. */
        double error() {
            return 1.96 * Math.sqrt(variance) + missing;
        }
    }

    void add(long tag, long hi, long lo, double sure, double inherited, double other, double variance) {
        Sum sum = sums.computeIfAbsent(new Key(tag, hi, lo), key -> new Sum());
        sum.sure += sure;
        sum.inherited += inherited;
        sum.other += other;
        sum.variance += variance;
    }

    /** The heaviest ones, the heaviest first. */
    List<Entry> heaviest(int most) {
        List<Entry> entries = new ArrayList<>();
        sums.forEach((key, sum) -> entries.add(new Entry(key, sum.sure, sum.inherited, sum.other, sum.variance)));
        entries.sort(Comparator.comparingDouble(Entry::amount).reversed());
        return List.copyOf(entries.subList(0, Math.min(most, entries.size())));
    }
}
