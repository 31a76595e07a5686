package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.MILLISECOND;
import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static io.breakwater.engine.limit.LimitBuilder.drops;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RateLimiterTest {
    private static final long YEAR = 365 * 86_400 * SECOND;

    private final FrameSlot frame = frame("198.18.0.1", "203.0.113.5");
    private final FrameSlot other = frame("198.18.0.2", "203.0.113.5");

    private static FrameSlot frame(String source, String destination) {
        return frame(source, destination, 53);
    }

    private static FrameSlot frame(String source, String destination, int sourcePort) {
        return PacketBuilder.ethernet()
                .ip(source, destination)
                .udp(sourcePort, 40_000)
                .payloadBytes(100)
                .decoded();
    }

    /** How many of {@code frames} equal frames at one time pass. */
    private static int passed(RateLimiter limiter, FrameSlot frame, int frames, long nowNs) {
        int passed = 0;
        for (int i = 0; i < frames; i++) {
            passed += drops(limiter, frame, nowNs) ? 0 : 1;
        }
        return passed;
    }

    @Test
    void shouldDropOnlyTheExcessOfEachSource() {
        RateLimiter limiter = new LimitBuilder().packets(10, 3).build();

        assertThat(passed(limiter, frame, 10, 0)).isEqualTo(3);
        assertThat(passed(limiter, other, 10, 0)).isEqualTo(3);
        assertThat(passed(limiter, frame, 10, 100 * MILLISECOND - 1)).isZero();
        assertThat(passed(limiter, frame, 10, 100 * MILLISECOND)).isEqualTo(1);
        assertThat(limiter.entries()).isEqualTo(2);
    }

    @Test
    void shouldWorkWhateverTheClocksOriginIs() {
        for (long origin : new long[] {Long.MIN_VALUE, -1, 0, 5, Long.MAX_VALUE - SECOND, Long.MAX_VALUE}) {
            RateLimiter limiter =
                    new LimitBuilder().packets(10, 3).holdNs(SECOND).build();

            assertThat(passed(limiter, frame, 4, origin)).isEqualTo(3);
            assertThat(passed(limiter, frame, 1, origin + SECOND - 1)).isZero();
            assertThat(passed(limiter, frame, 1, origin + SECOND)).isEqualTo(1);
        }
    }

    @Test
    void shouldSurviveAJumpOfYears() {
        RateLimiter limiter = new LimitBuilder().packets(10, 3).holdNs(SECOND).build();
        assertThat(passed(limiter, frame, 10, 0)).isEqualTo(3);

        assertThat(passed(limiter, frame, 10, 40 * YEAR)).isEqualTo(3);
        assertThat(passed(limiter, frame, 10, 200 * YEAR)).isEqualTo(3);
    }

    @Test
    void shouldNotCountFramesThatDoNotMatch() {
        RateLimiter limiter = new LimitBuilder().packets(10, 3).build();
        FrameSlot tcp = PacketBuilder.ethernet()
                .ip("198.18.0.1", "203.0.113.5")
                .tcp(1, 2)
                .decoded();

        assertThat(passed(limiter, tcp, 10, 0)).isEqualTo(10);
        assertThat(passed(limiter, frame, 10, 0)).isEqualTo(3);
    }

    @Test
    void shouldLimitBitsByFrameLength() {
        int bits = frame.length() * 8;
        RateLimiter limiter = new LimitBuilder()
                .buckets(new Bucket(Rate.bitsPerSecond(bits), 20L * bits))
                .build();

        assertThat(passed(limiter, frame, 30, 0)).isEqualTo(20);
        assertThat(passed(limiter, frame, 1, SECOND - 1)).isZero();
        assertThat(passed(limiter, frame, 2, SECOND)).isEqualTo(1);
    }

    @Test
    void shouldTakeFromBothBucketsOrFromNone() {
        int bits = frame.length() * 8;
        FrameSlot small = PacketBuilder.ethernet()
                .ip("198.18.0.1", "203.0.113.5")
                .udp(53, 1)
                .decoded();
        long burstBits = LimitBuilder.MAX_FRAME_BYTES * 8L;
        RateLimiter limiter = new LimitBuilder()
                .buckets(new Bucket(Rate.packetsPerSecond(1), 100), new Bucket(Rate.bitsPerSecond(1), burstBits))
                .build();
        int large = (int) (burstBits / bits);
        int rest = (int) ((burstBits - (long) large * bits) / (small.length() * 8L));
        assertThat(rest).as("room for small frames where a large one has none").isPositive();

        // 50 large ones find too few bits: had they taken packets, fewer small ones would pass.
        assertThat(passed(limiter, frame, large + 50, 0)).isEqualTo(large);
        assertThat(passed(limiter, small, 100, 0)).isEqualTo(rest);
        assertThat(passed(limiter, frame, 1_000, 200_000 * SECOND)).isEqualTo(large);
    }

    @Test
    void shouldUsePacketsWhenTheyRunOutFirst() {
        RateLimiter limiter = new LimitBuilder()
                .buckets(
                        new Bucket(Rate.packetsPerSecond(10), 5),
                        new Bucket(Rate.bitsPerSecond(1_000_000_000), 1 << 30))
                .build();

        assertThat(passed(limiter, frame, 100, 0)).isEqualTo(5);
    }

    @Test
    void shouldHoldUntilTheTimeHasPassedSinceTheLastFrameThatFoundNone() {
        RateLimiter limiter = new LimitBuilder().packets(10, 3).holdNs(SECOND).build();
        assertThat(passed(limiter, frame, 4, 0)).isEqualTo(3);

        // At 200 ms two tokens are there; two held frames take them, the third finds none and arms the hold anew.
        assertThat(passed(limiter, frame, 2, 200 * MILLISECOND)).isZero();
        assertThat(passed(limiter, frame, 1, 1_000 * MILLISECOND)).isEqualTo(1);
        assertThat(passed(limiter, frame, 3, 1_000 * MILLISECOND))
                .as("three left, then none")
                .isEqualTo(2);
        assertThat(passed(limiter, frame, 1, 1_001 * MILLISECOND)).isZero();
        assertThat(passed(limiter, frame, 1, 2_000 * MILLISECOND))
                .as("armed anew at 1.001 s")
                .isZero();
        assertThat(passed(limiter, frame, 1, 2_001 * MILLISECOND)).isEqualTo(1);
        assertThat(passed(limiter, other, 1, 1_001 * MILLISECOND + SECOND)).isEqualTo(1);
    }

    @Test
    void shouldKeepAFloodOnHoldForAsLongAsItLasts() {
        RateLimiter limiter = new LimitBuilder().packets(10, 3).holdNs(SECOND).build();
        int passed = 0;
        for (int ms = 0; ms < 60_000; ms++) {
            passed += drops(limiter, frame, ms * MILLISECOND) ? 0 : 1;
        }

        assertThat(passed).isEqualTo(3);
    }

    @Test
    void shouldActFromTheFrameAfterTheCountWithinAWindowInclusiveOfItsEnd() {
        RateLimiter limiter = new LimitBuilder().window(3, 10).build();

        assertThat(passed(limiter, frame, 5, 0)).isEqualTo(3);
        assertThat(passed(limiter, other, 2, 0)).isEqualTo(2);
        assertThat(passed(limiter, frame, 5, 10 * SECOND)).isZero();
        assertThat(passed(limiter, frame, 5, 10 * SECOND + 1)).isEqualTo(3);
        assertThat(passed(limiter, frame, 5, 20 * SECOND + 1))
                .as("counted from that frame on")
                .isZero();
        assertThat(passed(limiter, frame, 5, 20 * SECOND + 2)).isEqualTo(3);
    }

    @Test
    void shouldHoldAfterAWindow() {
        RateLimiter limiter = new LimitBuilder().window(3, 1).holdNs(5 * SECOND).build();

        assertThat(passed(limiter, frame, 4, 0)).isEqualTo(3);
        assertThat(passed(limiter, frame, 1, 4 * SECOND)).isZero();
        assertThat(passed(limiter, frame, 1, 5 * SECOND)).isEqualTo(1);
    }

    record Keys(LimitRule.Key key, FrameSlot one, FrameSlot same, FrameSlot different) {}

    static Stream<Keys> keys() {
        FrameSlot base = frame("198.18.0.1", "203.0.113.5");
        FrameSlot otherSource = frame("198.18.0.2", "203.0.113.5");
        FrameSlot otherTarget = frame("198.18.0.1", "203.0.113.6");
        FrameSlot otherPort = frame("198.18.0.1", "203.0.113.5", 54);
        return Stream.of(
                new Keys(LimitRule.Key.SOURCE, base, otherTarget, otherSource),
                new Keys(LimitRule.Key.SOURCE, base, otherPort, frame("::198.18.0.1", "::203.0.113.5")),
                new Keys(LimitRule.Key.DESTINATION, base, otherSource, otherTarget),
                new Keys(LimitRule.Key.DESTINATION, base, otherPort, frame("::198.18.0.1", "::203.0.113.5")),
                new Keys(LimitRule.Key.PAIR, base, otherPort, otherSource),
                new Keys(LimitRule.Key.PAIR, base, otherPort, otherTarget),
                new Keys(LimitRule.Key.PAIR, base, otherPort, frame("203.0.113.5", "198.18.0.1")),
                new Keys(LimitRule.Key.PAIR, base, otherPort, frame("::198.18.0.1", "::203.0.113.5")),
                new Keys(LimitRule.Key.SOURCE_PORT, base, frame("2001:db8::1", "2001:db8::2"), otherPort),
                new Keys(LimitRule.Key.DESTINATION_AND_SOURCE_PORT, base, otherSource, otherPort),
                new Keys(LimitRule.Key.DESTINATION_AND_SOURCE_PORT, base, otherSource, otherTarget),
                new Keys(LimitRule.Key.DESTINATION_AND_SOURCE_PORT, base, otherSource, laterFragment("203.0.113.5")),
                new Keys(
                        LimitRule.Key.DESTINATION_AND_SOURCE_PORT,
                        laterFragment("203.0.113.5"),
                        laterFragment("203.0.113.5"),
                        laterFragment("203.0.113.6")));
    }

    private static FrameSlot laterFragment(String destination) {
        return PacketBuilder.ethernet()
                .ip("198.18.0.1", destination)
                .udp(53, 1)
                .payloadBytes(64)
                .fragment(1480, false, 9)
                .decoded();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldKeepKeysApart(Keys given) {
        RateLimiter limiter =
                new LimitBuilder().track(given.key()).packets(1, 1).build();

        assertThat(drops(limiter, given.one(), 0)).isFalse();
        assertThat(drops(limiter, given.same(), 0)).isTrue();
        assertThat(drops(limiter, given.different(), 0)).isFalse();
    }

    @Test
    void shouldShareOneBucketByRule() {
        RateLimiter limiter =
                new LimitBuilder().track(LimitRule.Key.RULE).packets(1, 1).build();

        assertThat(drops(limiter, frame, 0)).isFalse();
        assertThat(drops(limiter, frame("2001:db8::1", "2001:db8::2"), 0)).isTrue();
        assertThat(limiter.tracksSource()).isFalse();
        assertThat(limiter.memoryBytes()).isLessThan(1_024);
    }

    @Test
    void shouldCutAddressesToTheirPrefixes() {
        RateLimiter limiter = new LimitBuilder()
                .track(new LimitRule.Track(LimitRule.Key.SOURCE, 24, 56))
                .packets(1, 1)
                .build();

        assertThat(drops(limiter, frame("198.18.0.1", "203.0.113.5"), 0)).isFalse();
        assertThat(drops(limiter, frame("198.18.0.255", "203.0.113.5"), 0)).isTrue();
        assertThat(drops(limiter, frame("198.18.1.1", "203.0.113.5"), 0)).isFalse();
        assertThat(drops(limiter, frame("2001:db8:0:100::1", "2001:db8::5"), 0)).isFalse();
        assertThat(drops(limiter, frame("2001:db8:0:1ff:ffff::", "2001:db8::5"), 0))
                .isTrue();
        assertThat(drops(limiter, frame("2001:db8:0:200::1", "2001:db8::5"), 0)).isFalse();
        assertThat(limiter.entries()).isEqualTo(4);
    }

    @Test
    void shouldCountAndForwardInMonitorModeAndOnAlert() {
        LimitBuilder monitor = new LimitBuilder().packets(10, 3).mode(RuleMode.MONITOR);
        LimitBuilder alert =
                new LimitBuilder().packets(10, 3).then(LimitRule.Then.ALERT).holdNs(SECOND);

        assertThat(passed(monitor.build(), frame, 10, 0)).isEqualTo(10);
        assertThat(passed(alert.build(), frame, 10, 0)).isEqualTo(10);
        assertThat(monitor.wouldDrop).isEqualTo(7);
        assertThat(alert.wouldDrop).isEqualTo(7);
    }

    @Test
    void shouldKeepWhatKeysSpentOverAReloadThatChangesTheRate() {
        RateLimiter old = new LimitBuilder().packets(1, 100).build();
        assertThat(passed(old, frame, 60, 0)).isEqualTo(60);
        assertThat(passed(old, other, 100, 0)).isEqualTo(100);

        RateLimiter raised = new LimitBuilder().packets(10, 150).after(old);
        assertThat(raised.entries()).isEqualTo(2);
        assertThat(passed(raised, frame, 200, 0)).as("60 of 150 spent").isEqualTo(90);

        RateLimiter lowered = new LimitBuilder().packets(1, 5).after(raised);
        assertThat(passed(lowered, frame, 200, 0)).isZero();
        assertThat(passed(lowered, frame, 200, SECOND))
                .as("no more than the new burst is owed")
                .isEqualTo(1);
    }

    @Test
    void shouldKeepHoldsAndOtherBucketsOverAReload() {
        RateLimiter old = new LimitBuilder().packets(10, 3).holdNs(10 * SECOND).build();
        assertThat(passed(old, frame, 4, 0)).isEqualTo(3);

        RateLimiter both = new LimitBuilder()
                .buckets(new Bucket(Rate.packetsPerSecond(10), 3), new Bucket(Rate.bitsPerSecond(1_000_000), 1_000_000))
                .holdNs(10 * SECOND)
                .after(old);
        assertThat(passed(both, frame, 1, 9 * SECOND)).isZero();
        assertThat(passed(both, other, 1, 9 * SECOND)).isEqualTo(1);
        assertThat(passed(both, frame, 1, 10 * SECOND)).isEqualTo(1);
    }

    @Test
    void shouldNotHoldAKeyThatMissedNothingWhenAReloadLengthensTheHold() {
        RateLimiter old = new LimitBuilder().packets(10, 3).build();
        assertThat(passed(old, frame, 3, 0)).isEqualTo(3);

        RateLimiter held = new LimitBuilder()
                .packets(10, 3)
                .holdNs(10 * 365 * 86_400 * SECOND)
                .after(old);
        assertThat(passed(held, frame, 1, SECOND)).isEqualTo(1);
    }

    static Stream<LimitBuilder> others() {
        return Stream.of(
                new LimitBuilder().name("another"),
                new LimitBuilder().track(LimitRule.Key.DESTINATION),
                new LimitBuilder().track(new LimitRule.Track(LimitRule.Key.SOURCE, 24, 64)),
                new LimitBuilder().table(2_000, 60 * SECOND, LimitRule.WhenFull.EVICT),
                new LimitBuilder().table(1_000, 60 * SECOND, LimitRule.WhenFull.PASS),
                new LimitBuilder().window(3, 1));
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldStartAnewIfNameOrTrackOrTableChanged(LimitBuilder changed) {
        RateLimiter old = new LimitBuilder().build();
        assertThat(passed(old, frame, 4, 0)).isEqualTo(3);

        RateLimiter next = changed.after(old);
        assertThat(next.entries()).isZero();
        assertThat(passed(next, frame, 4, 0)).isEqualTo(3);
        assertThat(passed(old, frame, 4, 0)).as("the old one works on").isZero();
    }

    @Test
    void shouldApplyOnlyToTheLanesItNames() {
        LimitRule inbound = new LimitBuilder().rule();
        LimitRule both = new LimitBuilder().match(LimitRule.Match.ANY).rule();

        assertThat(RateLimiter.appliesTo(inbound, Lane.INBOUND)).isTrue();
        assertThat(RateLimiter.appliesTo(inbound, Lane.OUTBOUND)).isFalse();
        assertThat(RateLimiter.appliesTo(both, Lane.OUTBOUND)).isTrue();
        LimitBuilder wrong = new LimitBuilder();
        wrong.lane = Lane.OUTBOUND;
        assertThatThrownBy(wrong::build).hasMessage("limit 'test' is not for the outbound lane");
    }

    @Test
    void shouldSayWhatItIs() {
        RateLimiter limiter = new LimitBuilder().build();

        assertThat(limiter.name()).isEqualTo("test");
        assertThat(limiter.reason()).isEqualTo(LimitBuilder.REASON);
        assertThat(limiter.tracksSource()).isTrue();
        assertThat(limiter.capacity()).isBetween(1_000, 1_500);
        assertThat(limiter.memoryBytes()).isBetween(1_000L * 64, 1_500L * 80);
        assertThat(limiter.classify(frame, 0)).isEqualTo(Verdict.UNSETTLED);
    }
}
