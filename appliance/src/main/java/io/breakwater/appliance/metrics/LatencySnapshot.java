package io.breakwater.appliance.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A latency histogram as Prometheus shows it: a few buckets in seconds. */
final class LatencySnapshot {
    /** Upper bounds in seconds: 1–2–5 steps from a microsecond to half a second, then a few beyond. */
    private static final double[] BOUNDS = {
        1e-6,
        2e-6,
        5e-6,
        1e-5,
        2e-5,
        5e-5,
        1e-4,
        2e-4,
        5e-4,
        1e-3,
        2e-3,
        5e-3,
        1e-2,
        2e-2,
        5e-2,
        0.1,
        0.2,
        0.5,
        1,
        10,
        Double.POSITIVE_INFINITY
    };

    private LatencySnapshot() {}

    /** Sorts everything recorded so far into the buckets. */
    static HistogramDataPointSnapshot of(Histogram nanoseconds, Labels labels) {
        long[] counts = new long[BOUNDS.length];
        double sumNs = 0;
        for (HistogramIterationValue value : nanoseconds.recordedValues()) {
            double middleNs = nanoseconds.medianEquivalentValue(value.getValueIteratedTo());
            long count = value.getCountAddedInThisIterationStep();
            sumNs += middleNs * count;
            counts[bucketOf(middleNs / 1e9)] += count;
        }
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(
                        DoubleStream.of(BOUNDS).boxed().toList(),
                        LongStream.of(counts).boxed().toList()))
                .sum(sumNs / 1e9)
                .labels(labels)
                .build();
    }

    private static int bucketOf(double seconds) {
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
