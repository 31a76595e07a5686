package io.breakwater.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.admin.Access;
import io.breakwater.appliance.admin.TestBox;
import io.breakwater.appliance.events.Event;
import io.breakwater.appliance.events.Events;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final String POLICY = """
            pairs: [{name: test, outside: a, inside: b}]
            limits:
              - {name: held, match: {protocol: udp}, track: source, rate: 1 packets/s, hold: 5s}
              - {name: plain, match: {protocol: udp}, track: source, rate: 1 packets/s}
            """;

    private long nowNs = SECOND_NS;
    private final List<Event> told = new ArrayList<>();
    private final Watch watch = new Watch(new Events(Clock.systemUTC(), () -> nowNs, told::add), () -> nowNs);
    private final TestBox box;

    WatchTest() throws IOException {
        box = new TestBox(POLICY, Access.OPEN);
        watch.look(box);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private void drop(String limit, int frames) {
        int reason = box.engine().reasons().limit(limit);
        for (int i = 0; i < frames; i++) {
            box.engine().counters(Lane.INBOUND).dropped(new FrameSlot(0), reason);
        }
    }

    private void lookAfter(long seconds) {
        nowNs += seconds * SECOND_NS;
        watch.look(box);
    }

    private List<String> kinds() {
        return told.stream().map(event -> event.kind().label()).toList();
    }

    @Test
    void shouldTellThatALimitHoldsAndThatItNoLongerDoes() {
        drop("held", 3);
        lookAfter(1);
        drop("held", 4);
        lookAfter(4);
        lookAfter(4);
        assertThat(kinds())
                .as("4 s without a drop are less than the limit's hold")
                .containsExactly("hold-start");
        lookAfter(1);
        lookAfter(1);
        assertThat(kinds()).containsExactly("hold-start", "hold-end");
        assertThat(told.getLast().fields())
                .containsEntry("limit", "held")
                .containsEntry("pair", "test")
                .containsEntry("frames", 7L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hold: 5s, name: other", "name: held"})
    void shouldEndAHoldAtOnceWhenItsLimitIsGoneOrHoldsNoMore(String limit) {
        drop("held", 3);
        lookAfter(1);
        drop("held", 4);
        box.swap("limits: [{" + limit + ", match: {protocol: udp}, track: source, rate: 1 packets/s}]");
        lookAfter(1);
        assertThat(kinds()).containsExactly("hold-start", "hold-end");
        assertThat(told.getLast().fields()).containsEntry("limit", "held").containsEntry("frames", 7L);

        drop("held", 100);
        lookAfter(1);
        box.swap(POLICY);
        lookAfter(1);
        assertThat(kinds()).as("what it drops without a hold is no news").hasSize(2);
        drop("held", 2);
        lookAfter(1);
        lookAfter(5);
        assertThat(kinds()).containsExactly("hold-start", "hold-end", "hold-start", "hold-end");
        assertThat(told.getLast().fields()).containsEntry("limit", "held").containsEntry("frames", 2L);
    }

    @Test
    void shouldSayNothingOfALimitWithoutHold() {
        drop("plain", 3);
        lookAfter(1);
        assertThat(told).isEmpty();
    }

    @Test
    void shouldTellThatAPortLosesFramesUntilTenQuietSecondsHavePassed() {
        box.kernelDrops(100);
        lookAfter(1);
        lookAfter(9);
        box.kernelDrops(150);
        lookAfter(1);
        lookAfter(9);
        assertThat(kinds()).containsExactly("overload-start");
        lookAfter(1);
        assertThat(kinds()).containsExactly("overload-start", "overload-end");
        assertThat(told.getLast().fields()).containsEntry("port", "outside0").containsEntry("frames", 150L);

        box.kernelDrops(151);
        lookAfter(1);
        assertThat(kinds()).endsWith("overload-start");
    }

    @Test
    void shouldNotTellOfWhatWasLostBeforeItLookedFirst() {
        Watch later = new Watch(new Events(Clock.systemUTC(), () -> nowNs, told::add), () -> nowNs);
        box.kernelDrops(7);
        later.look(box);
        later.look(box);
        assertThat(told).isEmpty();
    }
}
