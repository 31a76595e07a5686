package io.breakwater.appliance.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
    private long nowNs;
    private final List<Event> sunk = new ArrayList<>();
    private final Events events = new Events(Clock.systemUTC(), () -> nowNs, sunk::add);

    private void tell(EventKind kind, int times) {
        for (int i = 0; i < times; i++) {
            events.tell(kind, "message " + i, Map.of("number", i));
        }
    }

    @Test
    void shouldCutAFloodOfOneKindAndSayHowManyWereLeftOut() {
        tell(EventKind.PORT_DOWN, 100_000);
        tell(EventKind.PORT_UP, 1);
        assertThat(sunk).hasSize(129);
        assertThat(events.suppressed()).isEqualTo(100_000 - 128);

        nowNs += 1_000_000_000L;
        tell(EventKind.PORT_DOWN, 100);
        assertThat(sunk).hasSize(139);
        assertThat(sunk.get(129).fields()).containsEntry("suppressed", 100_000L - 128);
        assertThat(sunk.get(130).fields()).doesNotContainKey("suppressed");
    }

    @Test
    void shouldNumberEventsWithoutGapsAndKeepTheNewest() {
        for (int i = 0; i < 3_000; i++) {
            nowNs += 1_000_000_000L;
            tell(EventKind.BLOCK, 1);
        }
        assertThat(events.lastId()).isEqualTo(3_000);
        assertThat(events.after(0, Events.KEPT)).hasSize(Events.KEPT);
        assertThat(events.after(2_990, 100))
                .extracting(Event::id)
                .containsExactly(2_991L, 2_992L, 2_993L, 2_994L, 2_995L, 2_996L, 2_997L, 2_998L, 2_999L, 3_000L);
        assertThat(events.after(0, 2)).extracting(Event::id).containsExactly(2_999L, 3_000L);
        assertThat(events.nextAfter(0, 2)).extracting(Event::id).containsExactly(2_001L, 2_002L);
        assertThat(events.nextAfter(2_999, 2)).extracting(Event::id).containsExactly(3_000L);
    }

    @Test
    void shouldWakeWhoWaits() throws InterruptedException {
        assertThat(events.await(0, 10)).isFalse();
        Thread telling = Thread.ofVirtual().start(() -> tell(EventKind.BLOCK, 1));
        assertThat(events.await(0, 10_000)).isTrue();
        telling.join();
    }

    @Test
    void shouldWriteOneLineOfJson() {
        events.tell(EventKind.BLOCK, "line\nbreak \"quoted\"", Map.of("list", List.of(1, "x")));

        assertThat(sunk.getFirst().toJson())
                .startsWith("{\"id\":1,\"time\":\"")
                .endsWith("\"event\":\"block\",\"severity\":\"info\",\"message\":\"line\\nbreak \\\"quoted\\\"\","
                        + "\"list\":[1,\"x\"]}")
                .doesNotContain("\n");
    }
}
