package io.breakwater.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.plot.Plot;
import io.breakwater.bench.Machine;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    @TempDir
    Path directory;

    @Test
    void shouldWriteOnePageThatNeedsNothingElse() throws IOException {
        Path file = directory.resolve("report.html");
        Plot bars = new Plot.Bars(
                "round-trip",
                "Round trip <of a probe>",
                "microseconds",
                List.of("bridge", "breakwater"),
                Map.of("p50", List.of(23.8, 187.0), "p99", List.of(52.3, Double.NaN)),
                true);
        Plot lines = new Plot.Lines(
                "curve",
                "Goodput",
                "attack",
                "%",
                Map.of("bridge", List.of(new Plot.Point(0, 100), new Plot.Point(2, 40))));

        HtmlReport.write(file, "A & B", Machine.here(), "a < b", List.of(bars, lines));

        String page = Files.readString(file);
        assertThat(page)
                .contains("A &amp; B", "a &lt; b", "Round trip &lt;of a probe&gt;")
                .contains("data:image/png;base64,")
                .doesNotContain("src=\"http");
        for (String picture : List.of("report-round-trip.png", "report-curve.png")) {
            BufferedImage image = ImageIO.read(directory.resolve(picture).toFile());
            assertThat(image.getWidth()).isGreaterThan(1_000);
        }
    }
}
