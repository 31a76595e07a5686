package io.breakwater.appliance.admin;

import io.breakwater.appliance.attack.OngoingAttack;
import io.breakwater.appliance.metrics.LaneTotals;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.engine.frame.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** {@code /api/v1/status}: what the box is at and what it did since its start. */
final class StatusAnswer {
    private final Box box;

    StatusAnswer(Box box) {
        this.box = box;
    }

    Map<String, Object> get() {
        Map<String, Object> status = new LinkedHashMap<>();
        PolicyDesk.InForce policy = box.policy().current();
        List<OngoingAttack> attacks = box.attacks().active();
        status.put("version", version());
        status.put("state", label(box.state().get()));
        status.put("mode", mode());
        status.put("started", box.started().toString());
        status.put("uptime_s", Duration.between(box.started(), Instant.now()).toSeconds());
        status.put(
                "policy",
                Map.of("source", policy.source(), "loaded", policy.loaded().toString()));
        status.put("pairs", box.pairs().stream().map(StatusAnswer::pair).toList());
        status.put("attacks", attacks.stream().map(OngoingAttack::toMap).toList());
        status.put("blocks", box.blocks().list().size());
        status.put("last_event", box.events().lastId());
        return status;
    }

    private static String version() {
        String version = StatusAnswer.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private String mode() {
        return box.pairs().isEmpty()
                ? "enforce"
                : label(box.pairs().getFirst().engine().policy().mode());
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> pair(PairView pair) {
        Map<String, Object> map = new LinkedHashMap<>();
        String failure = pair.failure();
        map.put("name", pair.name());
        map.put("forwards", failure == null);
        if (failure != null) {
            map.put("failure", failure);
        }
        map.put("outside", port(pair.outsidePort(), pair.outsideUp(), pair.outsideKernelDrops()));
        map.put("inside", port(pair.insidePort(), pair.insideUp(), pair.insideKernelDrops()));
        map.put("sources_tracked", pair.engine().sourcesTracked());
        Map<String, Object> lanes = new LinkedHashMap<>();
        for (Lane lane : Lane.values()) {
            lanes.put(lane.label(), lane(pair, lane));
        }
        map.put("lanes", lanes);
        return map;
    }

    private static Map<String, Object> port(String name, boolean up, long kernelDrops) {
        return Map.of("name", name, "up", up, "kernel_drops", kernelDrops);
    }

    private static Map<String, Object> lane(PairView pair, Lane lane) {
        Map<String, Object> map = LaneTotals.of(pair, lane);
        map.put("ring_occupancy_ratio", pair.ringOccupancyRatio(lane));
        map.put("latency_ns", latency(pair.latency(lane).total()));
        return map;
    }

    private static Map<String, Object> latency(Histogram histogram) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("p50", histogram.getValueAtPercentile(50));
        map.put("p99", histogram.getValueAtPercentile(99));
        map.put("p999", histogram.getValueAtPercentile(99.9));
        map.put("max", histogram.getMaxValue());
        return map;
    }
}
