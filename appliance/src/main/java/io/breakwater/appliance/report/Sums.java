package io.breakwater.appliance.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What attacks add up to by a key (vector, victim, network): the first {@value #MAX_KEYS} keys each by itself, all further
 * ones together, so that no log fills the memory.
 */
final class Sums {
    static final int MAX_KEYS = 65_536;
    private static final int MAX_VECTORS = 64;

    private final Map<String, Sum> sums = new HashMap<>();
    private final Sum others = new Sum("others");

    /** Of one key. */
    static final class Sum {
        final String name;
        final SortedSet<String> vectors = new TreeSet<>();
        long attacks;
        long packets;
        long bytes;
        long peakPacketsPerSecond;
        long peakBitsPerSecond;

        private Sum(String name) {
            this.name = name;
        }

        void add(Attack attack) {
            addReflected(attack, attack.packets());
            bytes = Amount.sum(bytes, attack.bytes());
            peakPacketsPerSecond = Math.max(peakPacketsPerSecond, attack.peakPacketsPerSecond());
            peakBitsPerSecond = Math.max(peakBitsPerSecond, attack.peakBitsPerSecond());
        }

        void addReflected(Attack attack, long count) {
            attacks++;
            packets = Amount.sum(packets, count);
            if (vectors.size() < MAX_VECTORS) {
                vectors.add(attack.vector());
            }
        }
    }

    /** The sum to add to. */
    Sum of(String key) {
        Sum known = sums.get(key);
        if (known != null) {
            return known;
        }
        return sums.size() < MAX_KEYS ? sums.computeIfAbsent(key, Sum::new) : others;
    }

    /** Keys that have a sum of their own. */
    int size() {
        return sums.size();
    }

    boolean hasOthers() {
        return others.attacks > 0;
    }

    /** The largest by packets, those of equal size by name; what has no sum of its own last. */
    List<Sum> largest(int most) {
        List<Sum> largest = new ArrayList<>(sums.values().stream()
                .sorted(Comparator.comparingLong((Sum sum) -> sum.packets)
                        .reversed()
                        .thenComparing(sum -> sum.name))
                .limit(most)
                .toList());
        if (hasOthers()) {
            largest.add(others);
        }
        return largest;
    }
}
