package io.breakwater.appliance.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.tap.TrafficTap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TopTalkersTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Reasons reasons = new Reasons();
    private final TrafficTap tap = new TrafficTap(7);
    private long nowNs = SECOND_NS;
    private final TopTalkers top = new TopTalkers(() -> nowNs, reasons);

    TopTalkersTest() {
        top.add(tap);
    }

    private static FrameSlot frame(String source, int payloadBytes) {
        return PacketBuilder.ethernet()
                .ip(source, source.contains(":") ? "2001:db8::5" : "203.0.113.5")
                .udp(11_211, 80)
                .payloadBytes(payloadBytes)
                .decoded();
    }

    private void pass(FrameSlot frame, int frames) {
        for (int i = 0; i < frames; i++) {
            tap.onSettled(frame, 0);
        }
    }

    private List<TopTalkers.Talker> sources(TopTalkers.By by, int seconds, int most) {
        return Objects.requireNonNull(top.top(by, seconds, most).answers().get(TopTalkers.Question.SOURCES));
    }

    @Test
    void shouldRankByPacketsAndByBytesExactlyWhileTrafficIsLight() {
        FrameSlot often = frame("198.18.0.7", 10);
        FrameSlot large = frame("2001:db8:1::7", 1_000);
        pass(often, 20);
        pass(large, 5);

        assertThat(sources(TopTalkers.By.PACKETS, 10, 10))
                .containsExactly(
                        new TopTalkers.Talker("198.18.0.7", 20, 20L * often.length(), 0),
                        new TopTalkers.Talker("2001:db8:1::7", 5, 5L * large.length(), 0));
        assertThat(sources(TopTalkers.By.BYTES, 10, 1))
                .containsExactly(new TopTalkers.Talker("2001:db8:1::7", 5, 5L * large.length(), 0));
    }

    @Test
    void shouldForgetWhatIsOlderThanAskedFor() {
        pass(frame("198.18.0.1", 10), 5);
        top.drain();
        nowNs += 5 * SECOND_NS;
        pass(frame("198.18.0.2", 10), 3);

        assertThat(sources(TopTalkers.By.PACKETS, 2, 10))
                .extracting(TopTalkers.Talker::name)
                .containsExactly("198.18.0.2");
        assertThat(sources(TopTalkers.By.PACKETS, 10, 10)).hasSize(2);
        nowNs += 100 * SECOND_NS;
        assertThat(sources(TopTalkers.By.PACKETS, 60, 10)).isEmpty();
    }

    @Test
    void shouldTellVictimsVectorsAndReflectorsOfWhatMetAVector() {
        FrameSlot answer = frame("198.18.0.7", 10);
        answer.matchedReason(reasons.reflection("memcached"));
        tap.onSettled(answer, 0);
        tap.onSettled(frame("198.18.0.8", 10), Reasons.BLOCKED_SOURCE);
        Map<TopTalkers.Question, List<TopTalkers.Talker>> answers =
                top.top(TopTalkers.By.PACKETS, 1, 10).answers();

        assertThat(answers.get(TopTalkers.Question.VICTIMS))
                .extracting(TopTalkers.Talker::name)
                .containsExactly("203.0.113.5");
        assertThat(answers.get(TopTalkers.Question.VECTORS))
                .extracting(TopTalkers.Talker::name)
                .containsExactlyInAnyOrder("reflection:memcached", "blocked-source");
        assertThat(answers.get(TopTalkers.Question.REFLECTORS))
                .extracting(TopTalkers.Talker::name)
                .containsExactly("198.18.0.7");
    }

    @Test
    void shouldKeepWithinItsStatedErrorInASpoofedFloodAroundHeavySenders() {
        FrameSlot[] heavy = new FrameSlot[5];
        for (int i = 0; i < heavy.length; i++) {
            heavy[i] = frame("198.18.0." + (i + 1), 10);
        }
        FrameSlot[] spoofed = new FrameSlot[4_096];
        for (int i = 0; i < spoofed.length; i++) {
            spoofed[i] = frame("198.19." + i / 256 + "." + i % 256, 10);
        }
        SplittableRandom random = new SplittableRandom(3);
        int[] truth = new int[heavy.length];
        for (int i = 0; i < 2_000_000; i++) {
            int which = random.nextInt(100);
            if (which < heavy.length * 4) {
                truth[which / 4]++;
                tap.onSettled(heavy[which / 4], 0);
            } else {
                tap.onSettled(spoofed[random.nextInt(spoofed.length)], 0);
            }
            if (i % 20_000 == 0) {
                top.drain();
            }
        }
        List<TopTalkers.Talker> found = sources(TopTalkers.By.PACKETS, 10, 5);

        assertThat(found).extracting(TopTalkers.Talker::name).allMatch(name -> name.startsWith("198.18.0."));
        for (TopTalkers.Talker talker : found) {
            int number = Integer.parseInt(talker.name().substring("198.18.0.".length())) - 1;
            // 95 % confidence each; twice that for five of them.
            assertThat(Math.abs(talker.packets() - truth[number]))
                    .as("%s, really %d", talker, truth[number])
                    .isLessThanOrEqualTo(2 * talker.error());
        }
    }
}
