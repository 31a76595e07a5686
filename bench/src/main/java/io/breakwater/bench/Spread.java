package io.breakwater.bench;

import java.util.Collection;

/**
 * A figure over several runs.
 *
 * @param median of all runs; of an even number the mean of the middle two
 * @param least of all runs
 * @param greatest of all runs
 */
public record Spread(double median, double least, double greatest) {
    /** Over at least one value. */
    public static Spread of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}
