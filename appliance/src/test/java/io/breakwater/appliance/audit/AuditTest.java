package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings in the usual places that nobody may read are told, not passed over. */
class AuditTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void shouldTellWhichUsualSettingsItCouldNotRead() throws IOException {
        Path readable = folder.resolve("memcached");
        Files.writeString(readable, "OPTIONS=\"-l 127.0.0.1\"\n");
        // Root reads files of any mode, but no directory.
        Path closed = Files.createDirectory(folder.resolve("memcached.conf"));
        Path missing = folder.resolve("nosuch");
        AuditReport report = new Audit(List.of(missing, closed, readable)).look(List.of(), List.of(), List.of());
        assertThat(report.settings())
                .singleElement()
                .extracting(MemcachedSettings::file)
                .isEqualTo(readable);
        assertThat(report.unread()).singleElement().asString().startsWith(closed + ": ");
        assertThat(AuditText.lines(report))
                .contains("note: " + report.unread().getFirst())
                .noneMatch(line -> line.contains("nothing found"));
        StringWriter json = new StringWriter();
        AuditJson.write(report, json);
        assertThat(json.toString()).contains("\"unread\" : [ \"" + closed);
    }

    @Test
    void shouldFindNothingWhereAllCouldBeRead() throws IOException {
        Path readable = folder.resolve("memcached.conf");
        Files.writeString(readable, "-l 127.0.0.1\n-U 0\n");
        AuditReport report = new Audit(List.of(readable)).look(List.of(), List.of(), List.of());
        assertThat(report.unread()).isEmpty();
    }
}
