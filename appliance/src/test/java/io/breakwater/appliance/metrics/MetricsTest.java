package io.breakwater.appliance.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.breakwater.appliance.admin.Access;
import io.breakwater.appliance.admin.TestBox;
import io.breakwater.appliance.attack.AttackBoard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MetricsTest {
    private static final String POLICY = """
            pairs: [{name: test, outside: a, inside: b}]
            reflection: {defaults: off, memcached: drop}
            fragments: {unknown: 100 packets/s}
            limits: [{name: first, track: source, rate: 1 packets/s, table: {max: 1000}}]
            """;

    private final Logger log = (Logger) LoggerFactory.getLogger("io.micrometer");
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Metrics metrics = new Metrics(new AttackBoard(Clock.systemUTC(), System::nanoTime, attack -> {}));
    private final TestBox box;

    MetricsTest() throws IOException {
        box = new TestBox(POLICY, Access.OPEN);
        metrics.add(box);
    }

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void close() {
        log.detachAppender(said);
        metrics.close();
        box.close();
    }

    private List<String> evictions() {
        return new String(metrics.scrape(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("breakwater_table_evictions_total"))
                .toList();
    }

    @Test
    void shouldShowEveryTableOnceAndSayNothingOfItHoweverOftenItIsScraped() {
        assertThat(evictions()).hasSize(2);
        assertThat(evictions())
                .containsExactlyInAnyOrder(
                        "breakwater_table_evictions_total{pair=\"test\",table=\"first\"} 0.0",
                        "breakwater_table_evictions_total{pair=\"test\",table=\"fragments\"} 0.0");

        box.swap(POLICY.replace("first", "second"));
        assertThat(evictions()).hasSize(3).anyMatch(line -> line.contains("table=\"second\""));
        assertThat(said.list).isEmpty();
    }
}
