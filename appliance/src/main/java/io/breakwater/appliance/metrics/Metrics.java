package io.breakwater.appliance.metrics;

import io.breakwater.appliance.attack.AttackBoard;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.RuleMode;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@code /metrics} shows: what the engine counts, and what Micrometer says of the virtual machine and the
 * process, the latter at most 5 s old.
 *
 * <p>Numbers are read from the engine when Prometheus asks; nothing here runs on the data path.
 *
 * <p><b>Thread:</b> control threads.
 */
public final class Metrics implements AutoCloseable {
    private static final String ATTACK_ACTIVE = "breakwater_attack_active";
    private static final String LATENCY = "breakwater_frame_latency_seconds";

    /** A scrape of the machine took 6.6 ms of a busy core; Prometheus asks every 15 s. */
    private static final long MACHINE_AGE_NS = 5_000_000_000L;

    private final MetricPage page = new MetricPage();
    private final MetricText text = new MetricText();
    private final PrometheusMeterRegistry machine = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<PairView> pairs = new ArrayList<>();
    private final Set<String> tables = new HashSet<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final AtomicLong reloadsApplied = reloads("success");
    private final AtomicLong reloadsRefused = reloads("failure");
    private final AttackBoard attacks;

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
        page.add(
                ATTACK_ACTIVE,
                "gauge",
                "1 while a victim is under attack by a vector, 0 for a minute after",
                this::attacks);
    }

    private AtomicLong reloads(String result) {
        AtomicLong count = new AtomicLong();
        page.counter(
                "breakwater_policy_reloads_total", "Policy reloads asked for, by result", count::get, "result", result);
        return count;
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
        LaneCounters counters = engine.counters(lane);
        String[] of = {"lane", lane.label(), "pair", pair.name()};
        String received = "Frames that were read or dropped by the shield";
        page.counter("breakwater_frames_received_total", received, () -> pair.receivedFrames(lane), of);
        page.counter("breakwater_bytes_received_total", "Bytes of these frames", () -> pair.receivedBytes(lane), of);
        page.counter("breakwater_frames_forwarded_total", "Frames that left", counters::forwardedFrames, of);
        page.counter("breakwater_bytes_forwarded_total", "Bytes of frames that left", counters::forwardedBytes, of);
        page.counter(
                "breakwater_latency_clock_errors_total",
                "Forwarded frames whose latency lay outside 0 to 60 s and was clamped",
                engine.latency(lane)::clockErrors,
                of);
        page.gauge(
                "breakwater_ring_occupancy_ratio",
                "Share of the ring that holds frames under way",
                () -> pair.ringOccupancyRatio(lane),
                of);
        page.add(
                LATENCY,
                "histogram",
                "How long forwarded frames stayed in the box",
                new LatencyBuckets(LATENCY, () -> pair.latency(lane).total(), pair.name(), lane.label()));
    }

    private void addPair(PairView pair) {
        PairEngine engine = pair.engine();
        String[] of = {"pair", pair.name()};
        page.gauge("breakwater_pair_forwarding", "1 while the pair forwards", () -> pair.failure() == null ? 1 : 0, of);
        page.gauge(
                "breakwater_pair_monitor",
                "1 while the policy is in monitor mode and drops nothing",
                () -> engine.policy().mode() == RuleMode.MONITOR ? 1 : 0,
                of);
        page.gauge("breakwater_sources_tracked", "Entries of source-keyed tables", engine::sourcesTracked, of);
        page.counter(
                "breakwater_solicited_overflow_total",
                "Questions that found no room, so that answers were not enforced for 10 s",
                engine::solicitedOverflows,
                of);
        page.counter(
                "breakwater_attack_overflow_total",
                "Attacks not shown, because 64 on as many networks went on already",
                engine::attackOverflows,
                of);
        addPort(pair.outsidePort(), pair::outsideKernelDrops, pair::outsideUp);
        addPort(pair.insidePort(), pair::insideKernelDrops, pair::insideUp);
    }

    private void addPort(String name, LongSupplier kernelDrops, BooleanSupplier up) {
        page.counter(
                "breakwater_kernel_drops_total",
                "Frames that card, socket or kernel dropped before they could be read",
                kernelDrops,
                "port",
                name);
        page.gauge("breakwater_port_up", "1 while the port has carrier", () -> up.getAsBoolean() ? 1 : 0, "port", name);
    }

    private void addReason(PairView pair, int reason) {
        for (Lane lane : Lane.values()) {
            LaneCounters counters = pair.engine().counters(lane);
            ShieldCounters shield = pair.shield(lane);
            addDropped(pair, lane, reason, "java", counters::droppedFrames, counters::droppedBytes);
            if (!shield.equals(ShieldCounters.NONE)) {
                addDropped(pair, lane, reason, "kernel", shield::frames, shield::bytes);
            }
            String[] of = {
                "lane",
                lane.label(),
                "pair",
                pair.name(),
                "reason",
                pair.engine().reasons().name(reason)
            };
            page.counter(
                    "breakwater_frames_would_drop_total",
                    "Frames that monitor mode forwarded though a rule said drop",
                    () -> counters.wouldDropFrames(reason),
                    of);
            page.counter(
                    "breakwater_bytes_would_drop_total",
                    "Bytes of frames that monitor mode forwarded though a rule said drop",
                    () -> counters.wouldDropBytes(reason),
                    of);
        }
    }

    private void addDropped(
            PairView pair, Lane lane, int reason, String where, IntToLongFunction frames, IntToLongFunction bytes) {
        String name = pair.engine().reasons().name(reason);
        String[] of = {"lane", lane.label(), "pair", pair.name(), "reason", name, "where", where};
        page.counter("breakwater_frames_dropped_total", "Frames dropped", () -> frames.applyAsLong(reason), of);
        page.counter("breakwater_bytes_dropped_total", "Bytes of frames dropped", () -> bytes.applyAsLong(reason), of);
    }

    /** A reload may bring new reasons and tables. */
    private void showWhatIsNew() {
        for (PairView pair : pairs) {
            int known = pair.engine().reasons().size();
            for (int reason = reasonsShown; reason < known; reason++) {
                for (PairView each : pairs) {
                    addReason(each, reason);
                }
            }
            reasonsShown = Math.max(reasonsShown, known);
            for (String table : pair.engine().tables()) {
                if (tables.add(pair.name() + " " + table)) {
                    addTable(pair, table);
                }
            }
        }
    }

    private void addTable(PairView pair, String table) {
        String[] of = {"pair", pair.name(), "table", table};
        page.counter(
                "breakwater_table_evictions_total",
                "Keys that had to make room in a full table",
                () -> pair.engine().evictions(table),
                of);
        page.gauge(
                "breakwater_table_fill_ratio",
                "How full the table is, 0 to 1",
                () -> pair.engine().fill(table),
                of);
    }

    /** Shows a number that never goes back; the name ends in {@code _total}. */
    public synchronized void counter(String name, String help, LongSupplier value) {
        page.counter(name, help, value);
    }

    /** Shows a number that may go up and down. */
    public synchronized void gauge(String name, String help, LongSupplier value) {
        page.gauge(name, help, value::getAsLong);
    }

    private void attacks(MetricText to) {
        for (AttackBoard.Series series : attacks.series()) {
            byte[] name = MetricText.series(ATTACK_ACTIVE, "target", series.target(), "vector", series.vector());
            to.line(name, series.active() ? 1 : 0);
        }
    }

    /** Counts a reload. */
    public void onReload(boolean applied) {
        (applied ? reloadsApplied : reloadsRefused).incrementAndGet();
    }

    /** The page in Prometheus' text format 0.0.4. */
    public synchronized byte[] scrape() {
        showWhatIsNew();
        text.clear();
        page.writeTo(text);
        text.put(machine());
        return text.toBytes();
    }

    private String machine() {
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
    }
}
