package io.breakwater.appliance.metrics;

import io.breakwater.engine.measure.LatencyRecorder;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * One lane's latency since start, as Prometheus shows it.
 *
 * <p><b>Thread:</b> any, one at a time: synchronized. The data path only ever touches the recorder.
 */
final class LatencyHistogram {
    /** Upper bounds in seconds: 1–2–5 steps from a microsecond to half a second, then a few beyond. */
    private static final double[] BOUNDS = {
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1, 10,
        Double.POSITIVE_INFINITY
    };

    private final LatencyRecorder recorder;
    private final Labels labels;
    private final Histogram total = LatencyRecorder.emptyHistogram();

    LatencyHistogram(LatencyRecorder recorder, Labels labels) {
        this.recorder = recorder;
        this.labels = labels;
    }

    synchronized HistogramDataPointSnapshot snapshot() {
        recorder.drainInto(total);
        long[] counts = new long[BOUNDS.length];
        double sumNs = 0;
        for (HistogramIterationValue value : total.recordedValues()) {
            double middleNs = total.getMedianEquivalentValue(value.getValueIteratedTo());
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

    /** A copy of everything recorded so far. */
    synchronized Histogram copy() {
        recorder.drainInto(total);
        return total.copy();
    }

    private static int bucketOf(double seconds) {
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
