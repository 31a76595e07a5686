package io.breakwater.appliance.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.breakwater.appliance.json.JsonText;
import io.breakwater.capture.prepare.Finding;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/**
 * What the doctor found, and did.
 *
 * @param findings what is wrong, after {@code ran}
 * @param ran one line for each command that was run
 */
public record DoctorReport(List<Finding> findings, List<String> ran) {
    private static final JsonFactory FACTORY = new JsonFactory();

    public DoctorReport {
        findings = List.copyOf(findings);
        ran = List.copyOf(ran);
    }

    /** For people: one line each. */
    public List<String> lines() {
        return java.util.stream.Stream.concat(
                        ran.stream(),
                        findings.isEmpty()
                                ? java.util.stream.Stream.of("healthy: nothing here would break inline filtering")
                                : findings.stream().map(DoctorReport::line))
                .toList();
    }

    private static String line(Finding finding) {
        return (finding.forbidsStart() ? "problem: " : "warning: ") + finding.line();
    }

    /** For programs: one JSON object; leaves the writer open. */
    public void writeJson(Writer out) throws IOException {
        JsonGenerator json = FACTORY.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeArrayFieldStart("findings");
        for (Finding finding : findings) {
            json.writeStartObject();
            json.writeStringField("id", finding.id());
            json.writeStringField("level", finding.level().name().toLowerCase(Locale.ROOT));
            json.writeStringField("what", finding.what());
            JsonText.writeTexts(json, "mends", finding.mends());
            json.writeBooleanField("safe", finding.isSafe());
            json.writeEndObject();
        }
        json.writeEndArray();
        JsonText.writeTexts(json, "ran", ran);
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }
}
