package io.breakwater.bench.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.appliance.plot.Plot;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * The result of a replay measurement, for people and as JSON. The first policy's figures stand at the top, those of the
 * others in {@code compared_with}.
 *
 * @param traffic what the frames were
 * @param threads of the pipeline
 * @param figures of each policy, at least one
 */
record ReplayReport(String traffic, int threads, List<PolicyFigures> figures) {
    private static final double MOST_NINES = 4;

    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "traffic: %s; threads: %d", traffic, threads);
        for (PolicyFigures each : figures) {
            Spread rate = each.framesPerSecond();
            Spread cost = each.nsPerFrame();
            line(text, "%s", each.policy());
            line(
                    text,
                    "  frames/s       %,12.0f   (median of %d runs; %,.0f to %,.0f)",
                    rate.median(),
                    each.windows().size(),
                    rate.least(),
                    rate.greatest());
            line(text, "  ns/frame       %12.1f   (%.1f to %.1f)", cost.median(), cost.least(), cost.greatest());
            Spread cpu = each.cpuNsPerFrame();
            line(
                    text,
                    "  cpu ns/frame   %12.1f   (%.1f to %.1f; of the thread that filters)",
                    cpu.median(),
                    cpu.least(),
                    cpu.greatest());
            line(
                    text,
                    "  bytes/frame    %12.4f   (%,d bytes allocated in %,d frames)",
                    each.bytesPerFrame(),
                    each.allocatedBytes(),
                    each.frames());
            line(text, "  forwarded      %,12d   dropped %,d", each.forwarded(), each.dropped());
            latency(text, each.latency());
            stalls(text, each.stalls());
        }
        for (PolicyFigures other : figures.subList(1, figures.size())) {
            Spread ratio = figures.getFirst().costRatioTo(other);
            line(
                    text,
                    "%s costs %.2f x the processor time of %s per frame (%.2f to %.2f, runs in turn)",
                    figures.getFirst().policy(),
                    ratio.median(),
                    other.policy(),
                    ratio.least(),
                    ratio.greatest());
        }
        return text.toString();
    }

    private static void latency(StringBuilder text, Histogram latency) {
        if (latency.getTotalCount() > 0) {
            line(
                    text,
                    "  latency        p50 %.1f µs, p99 %.1f µs, p99.9 %.1f µs, max %.1f µs (at full speed of a ring"
                            + " that is always full)",
                    latency.getValueAtPercentile(50) / 1e3,
                    latency.getValueAtPercentile(99) / 1e3,
                    latency.getValueAtPercentile(99.9) / 1e3,
                    latency.getMaxValue() / 1e3);
        }
    }

    private static void stalls(StringBuilder text, Stalls stalls) {
        line(
                text,
                "  over %d ms      data path %s; a thread with nothing to do %s; JVM pauses %s",
                Gaps.LONG_NS / 1_000_000,
                times(stalls.dataPath()),
                times(stalls.control()),
                times(stalls.jvm()));
    }

    private static String times(Gaps.Figures gaps) {
        return String.format(Locale.ROOT, "%d times (longest %.1f ms)", gaps.count(), gaps.longestNs() / 1e6);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** What the table says, as pictures. */
    List<Plot> plots() {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        rates.put("least", rates(Spread::least));
        rates.put("median", rates(Spread::median));
        rates.put("greatest", rates(Spread::greatest));
        Map<String, List<Plot.Point>> latencies = new LinkedHashMap<>();
        figures.forEach(each -> latencies.put(each.policy(), percentiles(each.latency())));
        latencies.values().removeIf(List::isEmpty);
        List<Plot> plots = new ArrayList<>();
        plots.add(new Plot.Bars(
                "frames-per-second",
                "Frames per second: " + traffic,
                "million frames/s",
                figures.stream().map(PolicyFigures::policy).toList(),
                rates,
                false));
        if (!latencies.isEmpty()) {
            plots.add(new Plot.Lines(
                    "latency",
                    "Latency of forwarded frames, from publication to egress",
                    "nines: 1 is the 90th percentile, 2 the 99th, 3 the 99.9th",
                    "microseconds",
                    latencies));
        }
        return plots;
    }

    private List<Double> rates(ToDoubleFunction<Spread> figure) {
        return figures.stream()
                .map(each -> figure.applyAsDouble(each.framesPerSecond()) / 1e6)
                .toList();
    }

    private static List<Plot.Point> percentiles(Histogram latency) {
        List<Plot.Point> points = new ArrayList<>();
        for (double nines = 0; nines <= MOST_NINES && latency.getTotalCount() > 0; nines += 0.25) {
            double percentile = 100 * (1 - Math.pow(10, -nines));
            points.add(new Plot.Point(nines, latency.getValueAtPercentile(percentile) / 1e3));
        }
        return points;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("traffic", traffic);
        json.writeNumberField("threads", threads);
        write(json, figures.getFirst());
        json.writeArrayFieldStart("compared_with");
        for (PolicyFigures other : figures.subList(1, figures.size())) {
            json.writeStartObject();
            write(json, other);
            ReportWriter.spread(json, "cost_ratio", figures.getFirst().costRatioTo(other));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, PolicyFigures figures) throws IOException {
        json.writeStringField("policy", figures.policy());
        json.writeNumberField("runs", figures.windows().size());
        json.writeNumberField("frames", figures.frames());
        json.writeNumberField("forwarded", figures.forwarded());
        json.writeNumberField("dropped", figures.dropped());
        json.writeNumberField(
                "frames_per_s", Math.round(figures.framesPerSecond().median()));
        json.writeNumberField(
                "ns_per_frame", ReportWriter.rounded(figures.nsPerFrame().median()));
        json.writeNumberField("bytes_per_frame", ReportWriter.rounded(figures.bytesPerFrame()));
        ReportWriter.latency(json, "latency_ns", figures.latency());
        ReportWriter.spread(json, "frames_per_s_spread", figures.framesPerSecond());
        ReportWriter.spread(json, "ns_per_frame_spread", figures.nsPerFrame());
        ReportWriter.spread(json, "cpu_ns_per_frame", figures.cpuNsPerFrame());
        json.writeObjectFieldStart("stalls_over_2_ms");
        write(json, "data_path", figures.stalls().dataPath());
        write(json, "idle_thread", figures.stalls().control());
        write(json, "jvm_pauses", figures.stalls().jvm());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String what, Gaps.Figures gaps) throws IOException {
        json.writeObjectFieldStart(what);
        json.writeNumberField("times", gaps.count());
        json.writeNumberField("longest_ns", gaps.longestNs());
        json.writeEndObject();
    }
}
