package io.breakwater.appliance.metrics;

import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What was dropped, and what monitor mode would have dropped, by reason: most lines of the page.
 *
 * <p><b>Why</b> not a meter for each: some 720 of them took 6.8 ms of a busy core in every scrape (ADR 12). Here labels are made
 * once.
 *
 * <p><b>Thread:</b> control threads.
 */
final class DropCounters implements MultiCollector {
    private final Family framesDropped = new Family("breakwater_frames_dropped", "Frames dropped");
    private final Family bytesDropped = new Family("breakwater_bytes_dropped", "Bytes of frames dropped");
    private final Family framesWouldDrop =
            new Family("breakwater_frames_would_drop", "Frames that monitor mode forwarded though a rule said drop");
    private final Family bytesWouldDrop = new Family(
            "breakwater_bytes_would_drop", "Bytes of frames that monitor mode forwarded though a rule said drop");

    /** One name, its labels, and where each number is read. */
    private static final class Family {
        private final MetricMetadata metadata;
        private final List<Labels> labels = new ArrayList<>();
        private final List<LongSupplier> values = new ArrayList<>();

        Family(String name, String help) {
            metadata = new MetricMetadata(name, help);
        }

        void add(Labels of, LongSupplier value) {
            labels.add(of);
            values.add(value);
        }

        CounterSnapshot now() {
            List<CounterDataPointSnapshot> points = new ArrayList<>(labels.size());
            for (int i = 0; i < labels.size(); i++) {
                points.add(new CounterDataPointSnapshot(values.get(i).getAsLong(), labels.get(i), null, 0));
            }
            return new CounterSnapshot(metadata, points);
        }
    }

    /** Shows a reason of one lane of a pair from now on. */
    synchronized void add(PairView pair, Lane lane, int reason) {
        LaneCounters java = pair.engine().counters(lane);
        ShieldCounters kernel = pair.shield(lane);
        Labels labels = Labels.of(
                "lane", lane.label(),
                "pair", pair.name(),
                "reason", pair.engine().reasons().name(reason));
        Labels inJava = labels.add("where", "java");
        framesDropped.add(inJava, () -> java.droppedFrames(reason));
        bytesDropped.add(inJava, () -> java.droppedBytes(reason));
        if (!kernel.equals(ShieldCounters.NONE)) {
            Labels inKernel = labels.add("where", "kernel");
            framesDropped.add(inKernel, () -> kernel.frames(reason));
            bytesDropped.add(inKernel, () -> kernel.bytes(reason));
        }
        framesWouldDrop.add(labels, () -> java.wouldDropFrames(reason));
        bytesWouldDrop.add(labels, () -> java.wouldDropBytes(reason));
    }

    @Override
    public synchronized MetricSnapshots collect() {
        return MetricSnapshots.of(framesDropped.now(), bytesDropped.now(), framesWouldDrop.now(), bytesWouldDrop.now());
    }
}
