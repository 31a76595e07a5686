package io.breakwater.appliance.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Writes a replay's report as one JSON object: a contract that checks and scripts rely on. */
final class ReportJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ReportJson() {}

    static void write(ReplayReport report, OutputStream out) throws IOException {
        JsonGenerator json = FACTORY.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeNumberField("frames", report.frames());
        json.writeNumberField("bytes", report.bytes());
        json.writeNumberField("forwarded", report.forwarded());
        json.writeNumberField("dropped", report.dropped());
        writeCounts(json, "reasons", report.reasons());
        json.writeNumberField("non_ip", report.nonIp());
        json.writeNumberField("fragments", report.fragments());
        json.writeNumberField("sources_tracked", report.sourcesTracked());
        writeCounts(json, "would_drop", report.wouldDrop());
        json.writeBooleanField("solicited_enforced", report.solicitedEnforced());
        json.writeNumberField("duration_s", report.seconds());
        json.writeNumberField("frames_per_s", Math.round(report.framesPerSecond()));
        writeLatency(json, report.latency());
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }

    private static void writeCounts(JsonGenerator json, String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeLatency(JsonGenerator json, Histogram latency) throws IOException {
        json.writeObjectFieldStart("latency_ns");
        json.writeNumberField("p50", latency.getValueAtPercentile(50));
        json.writeNumberField("p99", latency.getValueAtPercentile(99));
        json.writeNumberField("p999", latency.getValueAtPercentile(99.9));
        json.writeNumberField("max", latency.getMaxValue());
        json.writeEndObject();
    }
}
