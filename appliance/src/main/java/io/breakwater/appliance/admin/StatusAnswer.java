package io.breakwater.appliance.admin;

import io.breakwater.appliance.metrics.PairView;
import io.breakwater.engine.attack.AttackEvent;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToLongFunction;
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
        List<AttackEvent> attacks = box.attacks().active();
        status.put("version", version());
        status.put("state", label(box.state().get()));
        status.put("mode", mode());
        status.put("started", box.started().toString());
        status.put("uptime_s", Duration.between(box.started(), Instant.now()).toSeconds());
        status.put(
                "policy",
                Map.of("source", policy.source(), "loaded", policy.loaded().toString()));
        status.put("pairs", box.pairs().stream().map(StatusAnswer::pair).toList());
        status.put("attacks", attacks.stream().map(StatusAnswer::attack).toList());
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
        PairEngine engine = pair.engine();
        LaneCounters counters = engine.counters(lane);
        Reasons reasons = engine.reasons();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("received", amount(counters.receivedFrames(), counters.receivedBytes()));
        map.put("forwarded", amount(counters.forwardedFrames(), counters.forwardedBytes()));
        map.put("dropped", amount(counters.droppedFrames(), counters.droppedBytes()));
        map.put("reasons", byReason(reasons, counters::droppedFrames, counters::droppedBytes));
        map.put("would_drop", byReason(reasons, counters::wouldDropFrames, counters::wouldDropBytes));
        map.put("ring_occupancy_ratio", pair.ringOccupancyRatio(lane));
        map.put("latency_ns", latency(pair.latency(lane).total()));
        return map;
    }

    private static Map<String, Object> amount(long frames, long bytes) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("frames", frames);
        map.put("bytes", bytes);
        return map;
    }

    private static Map<String, Object> byReason(Reasons reasons, IntToLongFunction frames, IntToLongFunction bytes) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int id = 1; id < Reasons.CAPACITY; id++) {
            long count = frames.applyAsLong(id);
            if (count > 0) {
                map.put(reasons.name(id), amount(count, bytes.applyAsLong(id)));
            }
        }
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

    private static Map<String, Object> attack(AttackEvent event) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("vector", event.vector());
        map.put("target", event.targetText());
        map.put("seconds", (event.lastNs() - event.startedNs()) / 1e9);
        map.put("packets_per_s", event.packetsPerSecond());
        map.put("bits_per_s", event.bitsPerSecond());
        map.put("peak_packets_per_s", event.peakPacketsPerSecond());
        map.put("peak_bits_per_s", event.peakBitsPerSecond());
        map.put("packets", event.packets());
        map.put("bytes", event.bytes());
        map.put("sources", event.sources());
        map.put("reflectors", reflectors(event));
        return map;
    }

    private static List<Map<String, Object>> reflectors(AttackEvent event) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (AttackEvent.Reflector reflector : event.topReflectors()) {
            list.add(Map.of("address", AttackEvent.text(reflector.address()), "packets", reflector.packets()));
        }
        return list;
    }
}
