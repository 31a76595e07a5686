package io.breakwater.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.admin.Access;
import io.breakwater.appliance.admin.TestBox;
import io.breakwater.appliance.events.Event;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TotalsNewsTest {
    private Instant now = Instant.parse("2026-11-20T10:00:50Z");
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private final List<Event> written = new ArrayList<>();
    private final Events events = new Events(clock, System::nanoTime, written::add);

    @Test
    void shouldTellTotalsToTheLogAtTheTurnOfEveryMinute() throws IOException {
        try (TestBox box = new TestBox("pairs: [{name: test, outside: a, inside: b}]\n", Access.OPEN)) {
            TotalsNews totals = new TotalsNews(events, clock, now);
            totals.tick(List.of(box));
            assertThat(written).isEmpty();
            now = now.plusSeconds(10);
            totals.tick(List.of(box));
            totals.tick(List.of(box));
            now = now.plusSeconds(60);
            totals.tick(List.of(box));
        }
        assertThat(written).extracting(Event::kind).containsExactly(EventKind.TOTALS, EventKind.TOTALS);
        assertThat(written.getFirst().fields())
                .containsEntry("pair", "test")
                .containsEntry("since", "2026-11-20T10:00:50Z")
                .containsKeys("lanes", "kernel_drops");
        assertThat(events.after(0, 10)).as("totals are no news").isEmpty();
        assertThat(events.lastId()).isEqualTo(2);
        events.tell(EventKind.STOP, "stopping", Map.of());
        assertThat(events.after(0, 10)).extracting(Event::id).containsExactly(3L);
    }
}
