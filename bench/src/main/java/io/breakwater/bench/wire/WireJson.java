package io.breakwater.bench.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.Spread;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Figures as JSON: of each device, workload and measure the medians and spreads, and what each round saw. */
final class WireJson {
    private final WireFigures figures;
    private final Map<String, String> versions;

    WireJson(WireFigures figures, Map<String, String> versions) {
        this.figures = figures;
        this.versions = versions;
    }

    void write(JsonGenerator json) throws IOException {
        WirePlan plan = figures.plan();
        json.writeObjectFieldStart("versions");
        for (Map.Entry<String, String> version : versions.entrySet()) {
            json.writeStringField(version.getKey(), version.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("rounds", plan.rounds());
        json.writeNumberField("seconds", plan.seconds());
        if (plan.framesPerSecond() != Load.UNLIMITED) {
            json.writeNumberField("offered_frames_per_s", plan.framesPerSecond());
        }
        json.writeNumberField("probes_per_s", plan.probesPerSecond());
        json.writeStringField("base", plan.base().id());
        json.writeObjectFieldStart("left_out");
        for (Map.Entry<Device, String> device : figures.leftOut().entrySet()) {
            json.writeStringField(device.getKey().id(), device.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("results");
        for (Measure measure : Measure.values()) {
            for (Workload workload : workloads(measure)) {
                for (Device device : figures.devices()) {
                    result(json, measure, device, workload);
                }
            }
        }
        json.writeEndArray();
    }

    private List<Workload> workloads(Measure measure) {
        return figures.measured().stream()
                .filter(one -> one.measure() == measure)
                .map(Measured::workload)
                .distinct()
                .toList();
    }

    private void result(JsonGenerator json, Measure measure, Device device, Workload workload) throws IOException {
        List<Measured> rounds = figures.of(measure, device, workload);
        if (rounds.isEmpty()) {
            return;
        }
        ToDoubleFunction<Observation> rate =
                measure == Measure.HIGHEST ? Observation::offeredPerSecond : Observation::headlinePerSecond;
        json.writeStartObject();
        json.writeStringField("measure", measure.name().toLowerCase(java.util.Locale.ROOT));
        json.writeStringField("workload", workload.name());
        json.writeStringField("device", device.id());
        spread(json, "frames_per_s", figures.spread(measure, device, workload, rate));
        spread(
                json,
                "ratio_to_base",
                figures.ratio(measure, device, figures.plan().base(), workload, rate));
        spread(json, "lost_share", figures.spread(measure, device, workload, Observation::lostShare));
        spread(json, "device_cores", figures.spread(measure, device, workload, Observation::deviceCores));
        spread(json, "machine_cores", figures.spread(measure, device, workload, Observation::machineCores));
        ReportWriter.latency(json, "round_trip_ns", figures.roundTrips(measure, device, workload));
        if (measure == Measure.CALM) {
            spread(json, "round_trip_above_bridge_p50_ns", figures.addedCalm(device, 50));
            spread(json, "round_trip_above_bridge_p99_ns", figures.addedCalm(device, 99));
        }
        json.writeArrayFieldStart("rounds");
        for (Measured one : rounds) {
            round(json, one);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void spread(JsonGenerator json, String name, Optional<Spread> spread) throws IOException {
        if (spread.isPresent()) {
            ReportWriter.spread(json, name, spread.get());
        }
    }

    private static void round(JsonGenerator json, Measured one) throws IOException {
        Observation seen = one.observation();
        json.writeStartObject();
        json.writeNumberField("round", one.round());
        json.writeNumberField("offered_legitimate_per_s", Math.round(seen.offeredLegitimate() / seen.seconds()));
        json.writeNumberField("offered_attack_per_s", Math.round(seen.offeredAttackPerSecond()));
        json.writeNumberField("legitimate_per_s", Math.round(seen.legitimatePerSecond()));
        json.writeNumberField("attack_per_s", Math.round(seen.attackPerSecond()));
        json.writeNumberField("sent_legitimate", seen.sentLegitimate());
        json.writeNumberField("delivered_legitimate", seen.deliveredLegitimate());
        json.writeNumberField("duplicates", seen.duplicates());
        json.writeNumberField("late", seen.late());
        json.writeNumberField("probes_sent", seen.probesSent());
        json.writeNumberField("probes_back", seen.roundTrips().getTotalCount());
        if (!seen.memoryAfter().equals(Memory.NONE)) {
            memory(json, "before", seen.memoryBefore());
            memory(json, "behind", seen.memoryAfter());
        }
        json.writeEndObject();
    }

    private static void memory(JsonGenerator json, String when, Memory memory) throws IOException {
        json.writeNumberField("resident_bytes_" + when, memory.residentBytes());
        json.writeNumberField("heap_bytes_" + when, memory.heapBytes());
    }
}
