package io.breakwater.appliance.metrics;

import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A latency histogram as Prometheus shows it: a few buckets in seconds, each with all that is below its bound. */
final class LatencyBuckets implements MetricPage.Lines {
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

    private final Supplier<Histogram> nanoseconds;
    private final byte[][] series = new byte[BOUNDS.length][];
    private final byte[] countSeries;
    private final byte[] sumSeries;

    /**
     * Lines of one histogram.
     *
     * @param nanoseconds everything recorded so far
     */
    LatencyBuckets(String name, Supplier<Histogram> nanoseconds, String pair, String lane) {
        this.nanoseconds = nanoseconds;
        for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
            double bound = BOUNDS[bucket];
            String le = bound == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(bound);
            series[bucket] = MetricText.series(name + "_bucket", "lane", lane, "pair", pair, "le", le);
        }
        countSeries = MetricText.series(name + "_count", "lane", lane, "pair", pair);
        sumSeries = MetricText.series(name + "_sum", "lane", lane, "pair", pair);
    }

    @Override
    public void writeTo(MetricText text) {
        Histogram recorded = nanoseconds.get();
        long[] counts = new long[BOUNDS.length];
        double sumNs = 0;
        for (HistogramIterationValue value : recorded.recordedValues()) {
            double middleNs = recorded.medianEquivalentValue(value.getValueIteratedTo());
            long count = value.getCountAddedInThisIterationStep();
            sumNs += middleNs * count;
            counts[bucketOf(middleNs / 1e9)] += count;
        }
        long upTo = 0;
        for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
            upTo += counts[bucket];
            text.line(series[bucket], upTo);
        }
        text.line(countSeries, upTo);
        text.line(sumSeries, sumNs / 1e9);
    }

    private static int bucketOf(double seconds) {
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
