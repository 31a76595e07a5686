package io.breakwater.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.HdrHistogram.Histogram;

/** Writes a result file: one JSON object that begins with the machine. */
public final class ReportWriter {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final double THOUSAND = 1_000.0;

    private ReportWriter() {}

    /** The fields of one kind of report. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Writes a report; {@code -} is standard output.
     *
     * @throws CommandFailure (run time) if that is impossible
     */
    public static void write(String file, String bench, Machine machine, Body body) {
        try {
            if (file.equals("-")) {
                write(System.out, bench, machine, body);
                System.out.flush();
                return;
            }
            try (OutputStream out = Files.newOutputStream(Path.of(file))) {
                write(out, bench, machine, body);
            }
        } catch (IOException e) {
            throw CommandFailure.atRunTime(
                    file + ": the report cannot be written (" + e.getMessage() + "); choose another place");
        }
    }

    static void write(OutputStream out, String bench, Machine machine, Body body) throws IOException {
        JsonGenerator json = FACTORY.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("bench", bench);
        json.writeStringField(
                "at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.writeObjectFieldStart("machine");
        json.writeNumberField("cores", machine.cores());
        json.writeStringField("kernel", machine.kernel());
        json.writeStringField("processor", machine.processor());
        json.writeStringField("jdk", machine.jdk());
        json.writeStringField("commit", machine.commit());
        json.writeNumberField("load_average", rounded(machine.loadAverage()));
        json.writeEndObject();
        body.write(json);
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }

    /** {@code name: {median, least, greatest}}. */
    public static void spread(JsonGenerator json, String name, Spread spread) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("median", rounded(spread.median()));
        json.writeNumberField("least", rounded(spread.least()));
        json.writeNumberField("greatest", rounded(spread.greatest()));
        json.writeEndObject();
    }

    /** {@code name: {p50, p99, p999, max}}. */
    public static void latency(JsonGenerator json, String name, Histogram latency) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("p50", latency.getValueAtPercentile(50));
        json.writeNumberField("p99", latency.getValueAtPercentile(99));
        json.writeNumberField("p999", latency.getValueAtPercentile(99.9));
        json.writeNumberField("max", latency.getMaxValue());
        json.writeEndObject();
    }

    /** Three digits behind the point: more would pretend. */
    public static double rounded(double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }
}
