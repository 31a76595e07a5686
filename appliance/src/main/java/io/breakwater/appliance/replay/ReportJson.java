package io.breakwater.appliance.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.appliance.attack.SeenAttack;
import io.breakwater.engine.attack.AttackEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
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
        writeAttacks(json, report.attacks());
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

    private static void writeAttacks(JsonGenerator json, List<SeenAttack> attacks) throws IOException {
        json.writeArrayFieldStart("attacks");
        for (SeenAttack attack : attacks) {
            writeAttack(json, attack);
        }
        json.writeEndArray();
    }

    private static void writeAttack(JsonGenerator json, SeenAttack attack) throws IOException {
        AttackEvent event = attack.newest();
        json.writeStartObject();
        json.writeStringField("vector", event.vector());
        json.writeStringField("target", event.targetText());
        json.writeNumberField("start_s", attack.startSeconds());
        json.writeNumberField("duration_s", attack.seconds());
        json.writeBooleanField("active_at_end", !attack.over());
        json.writeNumberField("peak_packets_per_s", event.peakPacketsPerSecond());
        json.writeNumberField("peak_bits_per_s", event.peakBitsPerSecond());
        json.writeNumberField("packets", event.packets());
        json.writeNumberField("bytes", event.bytes());
        json.writeNumberField("sources", event.sources());
        json.writeArrayFieldStart("top_reflectors");
        for (AttackEvent.Reflector reflector : event.topReflectors()) {
            json.writeStartObject();
            json.writeStringField("address", AttackEvent.text(reflector.address()));
            json.writeNumberField("packets", reflector.packets());
            json.writeNumberField("packets_at_most", reflector.packetsAtMost());
            json.writeEndObject();
        }
        json.writeEndArray();
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
