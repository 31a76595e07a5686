package io.breakwater.appliance.metrics;

import io.breakwater.appliance.attack.AttackBoard;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.RuleMode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@code /metrics} shows through Micrometer's Prometheus registry: what the engine counts, and what the
 * virtual machine and the process are like, the latter at most 5 s old.
 *
 * <p>Numbers are read from the engine when Prometheus asks; nothing here runs on the data path.
 *
 * <p><b>Thread:</b> control threads.
 */
public final class Metrics implements AutoCloseable {
    /** A scrape of the machine took 6.6 ms of a busy core; Prometheus asks every 15 s. */
    private static final long MACHINE_AGE_NS = 5_000_000_000L;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusMeterRegistry machine = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DropCounters drops = new DropCounters();
    private final List<PairView> pairs = new ArrayList<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Counter reloadsApplied = reloads("success");
    private final Counter reloadsRefused = reloads("failure");
    private final AttackBoard attacks;
    /** Micrometer refers to what it reads only weakly: a lambda that nobody else holds would soon read as NaN. */
    private final List<LongSupplier> held = new ArrayList<>();

    private final Set<Tags> tablesShown = new HashSet<>();
    private int reasonsShown = 1;
    private @Nullable String machineText;
    private long machineNs;

    /** JVM and process metrics, no pair yet. */
    public Metrics(AttackBoard attacks) {
        this.attacks = attacks;
        new ClassLoaderMetrics().bindTo(machine);
        new JvmMemoryMetrics().bindTo(machine);
        new JvmThreadMetrics().bindTo(machine);
        new ProcessorMetrics().bindTo(machine);
        new UptimeMetrics().bindTo(machine);
        new FileDescriptorMetrics().bindTo(machine);
        gc.bindTo(machine);
        registry.getPrometheusRegistry().register((Collector) this::latency);
        registry.getPrometheusRegistry().register((Collector) this::attacks);
        registry.getPrometheusRegistry().register(drops);
    }

    private Counter reloads(String result) {
        return Counter.builder("breakwater.policy.reloads")
                .description("Policy reloads asked for, by result")
                .tag("result", result)
                .register(registry);
    }

    /** Shows a pair from now on. */
    public synchronized void add(PairView pair) {
        pairs.add(pair);
        for (Lane lane : Lane.values()) {
            addLane(pair, lane);
        }
        addPair(pair);
        for (int reason = 1; reason < reasonsShown; reason++) {
            addReason(pair, reason);
        }
    }

    private void addLane(PairView pair, Lane lane) {
        PairEngine engine = pair.engine();
        Tags tags = laneTags(pair, lane);
        LaneCounters counters = engine.counters(lane);
        String received = "Frames that were read or dropped by the shield";
        counter("breakwater.frames.received", received, tags, pair, p -> p.receivedFrames(lane));
        counter("breakwater.bytes.received", "Bytes of these frames", tags, pair, p -> p.receivedBytes(lane));
        counter("breakwater.frames.forwarded", "Frames that left", tags, counters, LaneCounters::forwardedFrames);
        counter("breakwater.bytes.forwarded", "Bytes of frames that left", tags, counters, c -> c.forwardedBytes());
        counter(
                "breakwater.latency.clock.errors",
                "Forwarded frames whose latency lay outside 0 to 60 s and was clamped",
                tags,
                engine.latency(lane),
                latency -> latency.clockErrors());
        gauge(
                "breakwater.ring.occupancy.ratio",
                "Share of the ring that holds frames under way",
                tags,
                pair,
                p -> p.ringOccupancyRatio(lane));
    }

    private void addPair(PairView pair) {
        Tags tags = Tags.of("pair", pair.name());
        gauge("breakwater.pair.forwarding", "1 while the pair forwards", tags, pair, p -> p.failure() == null ? 1 : 0);
        gauge(
                "breakwater.pair.monitor",
                "1 while the policy is in monitor mode and drops nothing",
                tags,
                pair,
                p -> p.engine().policy().mode() == RuleMode.MONITOR ? 1 : 0);
        gauge(
                "breakwater.sources.tracked",
                "Entries of source-keyed tables",
                tags,
                pair,
                p -> p.engine().sourcesTracked());
        counter(
                "breakwater.solicited.overflow",
                "Questions that found no room, so that answers were not enforced for 10 s",
                tags,
                pair,
                p -> p.engine().solicitedOverflows());
        counter(
                "breakwater.attack.overflow",
                "Attacks not shown, because 64 on as many networks went on already",
                tags,
                pair,
                p -> p.engine().attackOverflows());
        Tags outside = Tags.of("port", pair.outsidePort());
        Tags inside = Tags.of("port", pair.insidePort());
        String help = "Frames that card, socket or kernel dropped before they could be read";
        counter("breakwater.kernel.drops", help, outside, pair, PairView::outsideKernelDrops);
        counter("breakwater.kernel.drops", help, inside, pair, PairView::insideKernelDrops);
        String carrier = "1 while the port has carrier";
        gauge("breakwater.port.up", carrier, outside, pair, p -> p.outsideUp() ? 1 : 0);
        gauge("breakwater.port.up", carrier, inside, pair, p -> p.insideUp() ? 1 : 0);
    }

    private void addReason(PairView pair, int reason) {
        for (Lane lane : Lane.values()) {
            drops.add(pair, lane, reason);
        }
    }

    /** A reload may bring new reasons and tables; called before each scrape. */
    private synchronized void showWhatIsNew() {
        for (PairView pair : pairs) {
            int known = pair.engine().reasons().size();
            for (int reason = reasonsShown; reason < known; reason++) {
                for (PairView each : pairs) {
                    addReason(each, reason);
                }
            }
            reasonsShown = Math.max(reasonsShown, known);
            for (String table : pair.engine().tables()) {
                Tags tags = Tags.of("pair", pair.name(), "table", table);
                if (tablesShown.add(tags)) {
                    addTable(pair, table, tags);
                }
            }
        }
    }

    private void addTable(PairView pair, String table, Tags tags) {
        counter(
                "breakwater.table.evictions",
                "Keys that had to make room in a full table",
                tags,
                pair,
                p -> p.engine().evictions(table));
        gauge(
                "breakwater.table.fill.ratio",
                "How full the table is, 0 to 1",
                tags,
                pair,
                p -> p.engine().fill(table));
    }

    private static Tags laneTags(PairView pair, Lane lane) {
        return Tags.of("pair", pair.name(), "lane", lane.label());
    }

    /** Shows a number that never goes back. */
    public synchronized void counter(String name, String help, LongSupplier value) {
        held.add(value);
        counter(name, help, Tags.empty(), value, LongSupplier::getAsLong);
    }

    /** Shows a number that may go up and down. */
    public synchronized void gauge(String name, String help, LongSupplier value) {
        held.add(value);
        gauge(name, help, Tags.empty(), value, LongSupplier::getAsLong);
    }

    private <T> void counter(String name, String help, Tags tags, T of, ToLongFunction<T> value) {
        FunctionCounter.builder(name, of, o -> (double) value.applyAsLong(o))
                .description(help)
                .tags(tags)
                .register(registry);
    }

    private <T> void gauge(String name, String help, Tags tags, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(help).tags(tags).register(registry);
    }

    private synchronized MetricSnapshot latency() {
        MetricMetadata metadata = new MetricMetadata(
                "breakwater_frame_latency_seconds", "How long forwarded frames stayed in the box", Unit.SECONDS);
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        for (PairView pair : pairs) {
            for (Lane lane : Lane.values()) {
                Labels labels = Labels.of("pair", pair.name(), "lane", lane.label());
                points.add(LatencySnapshot.of(pair.latency(lane).total(), labels));
            }
        }
        return new HistogramSnapshot(metadata, points);
    }

    private MetricSnapshot attacks() {
        MetricMetadata metadata = new MetricMetadata(
                "breakwater_attack_active", "1 while a victim is under attack by a vector, 0 for a minute after");
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        for (AttackBoard.Series series : attacks.series()) {
            Labels labels = Labels.of("vector", series.vector(), "target", series.target());
            points.add(GaugeDataPointSnapshot.builder()
                    .value(series.active() ? 1 : 0)
                    .labels(labels)
                    .build());
        }
        return new GaugeSnapshot(metadata, points);
    }

    /** Counts a reload. */
    public void onReload(boolean applied) {
        (applied ? reloadsApplied : reloadsRefused).increment();
    }

    /** The page in Prometheus' text format 0.0.4. */
    public byte[] scrape() {
        showWhatIsNew();
        return (registry.scrape() + machine()).getBytes(StandardCharsets.UTF_8);
    }

    private synchronized String machine() {
        long nowNs = System.nanoTime();
        String known = machineText;
        if (known == null || nowNs - machineNs >= MACHINE_AGE_NS) {
            known = machine.scrape();
            machineText = known;
            machineNs = nowNs;
        }
        return known;
    }

    @Override
    public void close() {
        gc.close();
        machine.close();
        registry.close();
    }
}
