package io.breakwater.bench.live;

import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.replay.Spread;
import io.breakwater.engine.measure.LatencyRecorder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What the runs of a live measurement come to.
 *
 * @param bench what was asked
 * @param runs all of them, in order
 */
record LiveFigures(LiveBench bench, List<LiveRun> runs) {
    LiveFigures {
        runs = List.copyOf(runs);
    }

    Spread goodput(Device device, int sizeBytes) {
        return Spread.of(
                of(device, sizeBytes).stream().map(LiveRun::framesPerSecond).toList());
    }

    /** Goodput as a multiple of the bare loop's, round by round. */
    Spread ratioToBareLoop(Device device, int sizeBytes) {
        List<LiveRun> ours = of(device, sizeBytes);
        List<LiveRun> bare = of(Device.BARE_LOOP, sizeBytes);
        return Spread.of(IntStream.range(0, Math.min(ours.size(), bare.size()))
                .mapToObj(i ->
                        ours.get(i).framesPerSecond() / Math.max(1, bare.get(i).framesPerSecond()))
                .toList());
    }

    private Histogram latency(Device device, int sizeBytes) {
        Histogram total = LatencyRecorder.emptyHistogram();
        of(device, sizeBytes).forEach(run -> total.add(run.latency()));
        return total;
    }

    private List<LiveRun> of(Device device, int sizeBytes) {
        return runs.stream()
                .filter(run -> run.device() == device && run.sizeBytes() == sizeBytes)
                .toList();
    }

    /** A table for people. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%-36s %6s %12s %26s %12s %20s",
                "",
                "bytes",
                "frames/s",
                "(least to greatest)",
                "x bare loop",
                "latency p50/p99");
        for (int sizeBytes : bench.sizesBytes()) {
            for (Device device : bench.devices()) {
                Spread goodput = goodput(device, sizeBytes);
                Histogram latency = latency(device, sizeBytes);
                line(
                        text,
                        "%-36s %6d %,12.0f %,12.0f to %,10.0f %12.2f %20s",
                        device.label(),
                        sizeBytes,
                        goodput.median(),
                        goodput.least(),
                        goodput.greatest(),
                        ratioToBareLoop(device, sizeBytes).median(),
                        latency.getTotalCount() == 0
                                ? "-"
                                : String.format(
                                        Locale.ROOT,
                                        "%.2f/%.1f ms",
                                        latency.getValueAtPercentile(50) / 1e6,
                                        latency.getValueAtPercentile(99) / 1e6));
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    void write(JsonGenerator json) throws IOException {
        json.writeNumberField("rounds", bench.rounds());
        json.writeNumberField("seconds", bench.seconds());
        json.writeNumberField("offered_frames_per_s", bench.framesPerSecond());
        json.writeArrayFieldStart("results");
        for (int sizeBytes : bench.sizesBytes()) {
            for (Device device : bench.devices()) {
                json.writeStartObject();
                json.writeStringField("device", device.label());
                json.writeNumberField("size_bytes", sizeBytes);
                json.writeNumberField(
                        "frames_per_s", Math.round(goodput(device, sizeBytes).median()));
                ReportWriter.spread(json, "frames_per_s_spread", goodput(device, sizeBytes));
                ReportWriter.spread(json, "ratio_to_bare_loop", ratioToBareLoop(device, sizeBytes));
                Histogram latency = latency(device, sizeBytes);
                if (latency.getTotalCount() > 0) {
                    ReportWriter.latency(json, latency);
                }
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }
}
