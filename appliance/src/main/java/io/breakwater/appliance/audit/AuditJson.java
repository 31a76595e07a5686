package io.breakwater.appliance.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.appliance.json.JsonText;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** An audit for programs: one JSON object. */
public final class AuditJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private AuditJson() {}

    /** Writes the object and a line end; leaves the writer open. */
    public static void write(AuditReport report, Writer out) throws IOException {
        JsonGenerator json = FACTORY.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("memcached_version", report.version());
        writeSettings(json, report);
        writeSockets(json, report.sockets());
        json.writeObjectFieldStart("firewall");
        json.writeBooleanField("udp_11211_dropped", report.udpDropped());
        json.writeBooleanField("tcp_11211_dropped", report.tcpDropped());
        json.writeEndObject();
        writeProbes(json, report.probes());
        writeFindings(json, report.findings());
        JsonText.writeTexts(json, "notes", report.notes());
        JsonText.writeTexts(json, "unread", report.unread());
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }

    /** Where memcached listens, as one line. */
    static String addresses(MemcachedSettings settings) {
        return settings.listens().stream().map(MemcachedListen::text).collect(Collectors.joining(", "));
    }

    private static void writeSettings(JsonGenerator json, AuditReport report) throws IOException {
        json.writeArrayFieldStart("settings");
        for (MemcachedSettings settings : report.settings()) {
            SortedSet<Integer> tcp = settings.tcpPorts(settings.listens());
            SortedSet<Integer> udp = settings.udpPorts(settings.listens(), new MemcachedVersion(report.version()));
            json.writeStartObject();
            json.writeStringField("file", settings.file().toString());
            json.writeStringField("listen", settings.onlyUnixSocket() ? "" : addresses(settings));
            json.writeNumberField("tcp", tcp.isEmpty() ? 0 : tcp.first());
            json.writeNumberField("udp", udp.isEmpty() ? 0 : udp.first());
            writePorts(json, "tcp_ports", tcp);
            writePorts(json, "udp_ports", udp);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writePorts(JsonGenerator json, String name, SortedSet<Integer> ports) throws IOException {
        json.writeArrayFieldStart(name);
        for (int port : ports) {
            json.writeNumber(port);
        }
        json.writeEndArray();
    }

    private static void writeSockets(JsonGenerator json, List<HostSocket> sockets) throws IOException {
        json.writeArrayFieldStart("sockets");
        for (HostSocket socket : sockets) {
            json.writeStartObject();
            json.writeStringField("protocol", socket.udp() ? "udp" : "tcp");
            json.writeNumberField("family", socket.ipv4() ? 4 : 6);
            json.writeStringField("address", socket.address());
            json.writeNumberField("port", socket.port());
            json.writeStringField("process", socket.process());
            json.writeNumberField("pid", socket.pid());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeProbes(JsonGenerator json, List<ProbeResult> probes) throws IOException {
        json.writeArrayFieldStart("probes");
        for (ProbeResult result : probes) {
            json.writeStartObject();
            json.writeStringField("target", result.target());
            json.writeStringField("vector", result.probe().vector());
            json.writeStringField("probe", result.probe().name());
            json.writeNumberField("port", result.probe().port());
            json.writeStringField("state", result.state().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("request_bytes", result.probe().requestBytes());
            json.writeNumberField("response_bytes", result.responseBytes());
            json.writeNumberField("response_datagrams", result.datagrams());
            json.writeNumberField("amplification", Math.round(result.amplification() * 10) / 10.0);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeFindings(JsonGenerator json, List<Finding> findings) throws IOException {
        json.writeArrayFieldStart("findings");
        for (Finding finding : findings) {
            json.writeStartObject();
            json.writeStringField("id", finding.id().label());
            json.writeStringField("where", finding.where());
            json.writeStringField("what", finding.what());
            json.writeObjectFieldStart("mends");
            for (Map.Entry<String, List<String>> mend : finding.mends().entrySet()) {
                JsonText.writeTexts(json, mend.getKey(), mend.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
