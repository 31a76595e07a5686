package io.breakwater.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MetricPageTest {
    private final MetricPage page = new MetricPage();

    private String written() {
        MetricText text = new MetricText();
        page.writeTo(text);
        return new String(text.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellHelpAndTypeOncePerFamilyInOrderOfNames() {
        page.gauge("b_ratio", "How full", () -> 0.25);
        page.counter("a_total", "Frames", () -> 1, "pair", "x");
        page.counter("a_total", "Frames", () -> 2, "pair", "y");

        assertThat(written()).isEqualTo("""
                # HELP a_total Frames
                # TYPE a_total counter
                a_total{pair="x"} 1
                a_total{pair="y"} 2
                # HELP b_ratio How full
                # TYPE b_ratio gauge
                b_ratio 0.25
                """);
    }

    @Test
    void shouldReadNumbersAnewForEachPageAndTellThemExactly() {
        AtomicLong frames = new AtomicLong(9_007_199_254_740_993L);
        page.counter("a_total", "Frames", frames::get);
        page.gauge("b", "Whole", () -> 64);

        assertThat(written()).contains("\na_total 9007199254740993\n").contains("\nb 64\n");
        frames.incrementAndGet();
        assertThat(written()).contains("\na_total 9007199254740994\n");
    }

    @Test
    void shouldEscapeWhatWouldEndALabel() {
        page.gauge("a", "A", () -> 1, "port", "e\"0\\\n");

        assertThat(written()).endsWith("a{port=\"e\\\"0\\\\\\n\"} 1\n");
    }

    @Test
    void shouldHoldPagesOfAnySize() {
        for (int i = 0; i < 10_000; i++) {
            int value = i;
            page.counter("a_total", "Frames", () -> value, "reason", "limit:a-name-as-long-as-names-are-" + i);
        }

        assertThat(written().lines().filter(line -> line.startsWith("a_total{")))
                .hasSize(10_000);
    }

    @Test
    void shouldCountInEachBucketWhatIsBelowItsBound() {
        Histogram nanoseconds = new Histogram(60_000_000_000L, 3);
        for (long ns : new long[] {900, 1_900, 1_900, 3_000_000, 20_000_000_000L}) {
            nanoseconds.recordValue(ns);
        }
        page.add("t_seconds", "histogram", "Time", new LatencyBuckets("t_seconds", () -> nanoseconds, "p", "inbound"));

        Map<String, String> values = new TreeMap<>();
        written().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            values.put(line.substring(0, blank).replace("lane=\"inbound\",pair=\"p\"", "…"), line.substring(blank + 1));
        });
        assertThat(values)
                .containsEntry("t_seconds_bucket{…,le=\"1.0E-6\"}", "1")
                .containsEntry("t_seconds_bucket{…,le=\"2.0E-6\"}", "3")
                .containsEntry("t_seconds_bucket{…,le=\"0.002\"}", "3")
                .containsEntry("t_seconds_bucket{…,le=\"0.005\"}", "4")
                .containsEntry("t_seconds_bucket{…,le=\"10.0\"}", "4")
                .containsEntry("t_seconds_bucket{…,le=\"+Inf\"}", "5")
                .containsEntry("t_seconds_count{…}", "5")
                .hasSize(23);
        assertThat(Double.parseDouble(values.get("t_seconds_sum{…}"))).isBetween(19.9, 20.1);
    }
}
