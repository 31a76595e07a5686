package io.breakwater.engine.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Fragments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentTrackerTest {
    private static final Fragments INHERIT = new Fragments(true, null);
    private static final DestinationLimit NO_BUDGET = (frame, nowNs) -> false;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int REASON = 40;
    private static final int OTHER_REASON = 41;

    private final FragmentTracker tracker = new FragmentTracker(INHERIT, NO_BUDGET, 1024, 1);

    private static PacketBuilder from(String source) {
        return PacketBuilder.ethernet().ip(source, source.contains(":") ? "2001:db8:100::1" : "203.0.113.5");
    }

    private static FrameSlot first(String source, int id) {
        return from(source)
                .udp(53, 40000)
                .payloadBytes(1472)
                .fragment(0, true, id)
                .decoded();
    }

    private static FrameSlot later(String source, int id) {
        return from(source)
                .protocol(17)
                .payloadBytes(500)
                .fragment(1480, false, id)
                .decoded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.18.0.1", "2001:db8::1"})
    void shouldDropLaterFragmentsForTheReasonOfTheirFirst(String source) {
        tracker.onSettled(first(source, 7), REASON, 0);

        assertThat(tracker.classify(later(source, 7), 1)).isEqualTo(REASON);
        assertThat(tracker.classify(later(source, 7), 2)).isEqualTo(REASON);
    }

    @ParameterizedTest
    @ValueSource(ints = {Verdict.FORWARD, Verdict.UNSETTLED})
    void shouldSendLaterFragmentsOfAForwardedFirstOnToTheLimits(int verdict) {
        tracker.onSettled(first("198.18.0.1", 7), verdict, 0);

        assertThat(tracker.classify(later("198.18.0.1", 7), 1)).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldSettleNothingForFirstFragmentsAndWholeDatagrams() {
        tracker.onSettled(first("198.18.0.1", 7), REASON, 0);

        assertThat(tracker.classify(first("198.18.0.1", 7), 1)).isEqualTo(Verdict.UNSETTLED);
        assertThat(tracker.classify(from("198.18.0.1").udp(53, 40000).decoded(), 1))
                .isEqualTo(Verdict.UNSETTLED);
        assertThat(tracker.classify(
                        from("2001:db8::1").udp(53, 40000).atomicFragment(7).decoded(), 1))
                .isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldKeepDatagramsApartByEveryPartOfTheKey() {
        tracker.onSettled(first("198.18.0.1", 7), REASON, 0);
        tracker.onSettled(first("2001:db8::1", 0x1_0007), REASON, 0);

        FrameSlot otherDestination = PacketBuilder.ethernet()
                .ipv4("198.18.0.1", "203.0.113.6")
                .protocol(17)
                .fragment(1480, false, 7)
                .payloadBytes(8)
                .decoded();
        FrameSlot otherProtocol = from("198.18.0.1")
                .protocol(6)
                .payloadBytes(8)
                .fragment(1480, false, 7)
                .decoded();
        FrameSlot otherFamily = PacketBuilder.ethernet()
                .ipv6("::198.18.0.1", "::203.0.113.5")
                .protocol(17)
                .fragment(1480, false, 7)
                .payloadBytes(8)
                .decoded();

        assertThat(tracker.classify(later("198.18.0.2", 7), 1)).isEqualTo(Reasons.FRAGMENT);
        assertThat(tracker.classify(later("198.18.0.1", 8), 1)).isEqualTo(Reasons.FRAGMENT);
        assertThat(tracker.classify(later("2001:db8::1", 7), 1)).isEqualTo(Reasons.FRAGMENT);
        assertThat(tracker.classify(later("2001:db8::1", 0x1_0007), 1)).isEqualTo(REASON);
        assertThat(tracker.classify(otherDestination, 1)).isEqualTo(Reasons.FRAGMENT);
        assertThat(tracker.classify(otherProtocol, 1)).isEqualTo(Reasons.FRAGMENT);
        assertThat(tracker.classify(otherFamily, 1)).isEqualTo(Reasons.FRAGMENT);
    }

    @Test
    void shouldInheritBehindAnAuthenticationHeader() {
        FrameSlot first = from("198.18.0.1")
                .extension(51, 24)
                .udp(53, 40000)
                .payloadBytes(64)
                .fragment(0, true, 7)
                .decoded();
        FrameSlot later = from("198.18.0.1")
                .protocol(51)
                .payloadBytes(64)
                .fragment(96, false, 7)
                .decoded();
        tracker.onSettled(first, REASON, 0);

        assertThat(first.sourcePort()).isEqualTo(53);
        assertThat(tracker.classify(later, 1)).isEqualTo(REASON);
    }

    @Test
    void shouldForgetAfterThirtySeconds() {
        tracker.onSettled(first("198.18.0.1", 7), REASON, -5);

        assertThat(tracker.classify(later("198.18.0.1", 7), 30 * SECOND_NS - 6)).isEqualTo(REASON);
        assertThat(tracker.classify(later("198.18.0.1", 7), 30 * SECOND_NS - 5)).isEqualTo(Reasons.FRAGMENT);
    }

    @Test
    void shouldGiveLaterFragmentsThatCameBeforeTheirFirstTheUnknownBudget() {
        List<Long> asked = new ArrayList<>();
        DestinationLimit one = (frame, nowNs) -> {
            asked.add(nowNs);
            return asked.size() == 1;
        };
        FragmentTracker limited = tracker.withPolicy(INHERIT, one);

        assertThat(limited.classify(later("198.18.0.1", 7), 1)).isEqualTo(Verdict.UNSETTLED);
        assertThat(limited.classify(later("198.18.0.1", 7), 2)).isEqualTo(Reasons.FRAGMENT);
        limited.onSettled(first("198.18.0.1", 7), Verdict.FORWARD, 3);
        assertThat(limited.classify(later("198.18.0.1", 7), 4)).isEqualTo(Verdict.UNSETTLED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldLetADropStandAgainstASecondFirstFragment() {
        tracker.onSettled(first("198.18.0.1", 7), REASON, 0);
        tracker.onSettled(first("198.18.0.1", 7), Verdict.FORWARD, 20 * SECOND_NS);

        assertThat(tracker.classify(later("198.18.0.1", 7), 21 * SECOND_NS)).isEqualTo(REASON);
        assertThat(tracker.classify(later("198.18.0.1", 7), 30 * SECOND_NS)).isEqualTo(Reasons.FRAGMENT);
    }

    @Test
    void shouldLetALaterDropReplaceAForwardOrAnotherReason() {
        tracker.onSettled(first("198.18.0.1", 7), Verdict.FORWARD, 0);
        tracker.onSettled(first("198.18.0.1", 7), REASON, 1);
        assertThat(tracker.classify(later("198.18.0.1", 7), 2)).isEqualTo(REASON);

        tracker.onSettled(first("198.18.0.1", 7), OTHER_REASON, 3);
        assertThat(tracker.classify(later("198.18.0.1", 7), 4)).isEqualTo(OTHER_REASON);
        assertThat(tracker.entries()).isEqualTo(1);
    }

    @Test
    void shouldLetAForwardReplaceAnExpiredDrop() {
        tracker.onSettled(first("198.18.0.1", 7), REASON, 0);
        tracker.onSettled(first("198.18.0.1", 7), Verdict.FORWARD, 30 * SECOND_NS);

        assertThat(tracker.classify(later("198.18.0.1", 7), 31 * SECOND_NS)).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldInheritFromAFirstFragmentTooShortForItsPorts() {
        FrameSlot tiny = from("198.18.0.1")
                .protocol(6)
                .payloadBytes(3)
                .fragment(0, true, 7)
                .decoded();
        FrameSlot rest = from("198.18.0.1")
                .protocol(6)
                .payloadBytes(40)
                .fragment(8, false, 7)
                .decoded();

        assertThat(tiny.status()).isEqualTo(FrameSlot.MALFORMED);
        tracker.onSettled(tiny, Reasons.MALFORMED, 0);
        assertThat(tracker.classify(rest, 1)).isEqualTo(Reasons.MALFORMED);
    }

    @Test
    void shouldRememberFirstFragmentsOnly() {
        tracker.onSettled(later("198.18.0.1", 7), REASON, 0);
        tracker.onSettled(from("198.18.0.1").udp(53, 40000).decoded(), REASON, 0);

        assertThat(tracker.entries()).isZero();
    }

    @Test
    void shouldDoNothingWhenOff() {
        FragmentTracker off = new FragmentTracker(Fragments.OFF, null, 1024, 1);
        off.onSettled(first("198.18.0.1", 7), REASON, 0);

        assertThat(off.entries()).isZero();
        assertThat(off.classify(later("198.18.0.1", 7), 1)).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldKeepWhatItRemembersOverAReload() {
        tracker.onSettled(first("198.18.0.1", 7), REASON, 0);
        FragmentTracker reloaded = tracker.withPolicy(INHERIT, null);

        assertThat(reloaded.classify(later("198.18.0.1", 7), 1)).isEqualTo(REASON);
        assertThat(reloaded.classify(later("198.18.0.1", 8), 1)).isEqualTo(Verdict.UNSETTLED);
        assertThat(reloaded.entries()).isEqualTo(1);
    }

    @Test
    void shouldEvictTheOldestOfAFullSet() {
        FragmentTracker small = new FragmentTracker(INHERIT, NO_BUDGET, 4, 1);
        for (int id = 1; id <= 4; id++) {
            small.onSettled(first("198.18.0.1", id), REASON, id);
        }
        small.onSettled(first("198.18.0.1", 1), REASON, 5);
        small.onSettled(first("198.18.0.1", 9), REASON, 6);

        assertThat(small.entries()).isEqualTo(4);
        assertThat(small.classify(later("198.18.0.1", 2), 7)).isEqualTo(Reasons.FRAGMENT);
        for (int id : new int[] {1, 3, 4, 9}) {
            assertThat(small.classify(later("198.18.0.1", id), 7))
                    .as("id %d", id)
                    .isEqualTo(REASON);
        }
    }

    @Test
    void shouldStayWithinItsMemoryAndRememberTheNewestInAFlood() {
        FragmentTracker small = new FragmentTracker(INHERIT, NO_BUDGET, 100, 1);
        long memoryBytes = small.memoryBytes();
        for (int id = 0; id < 20_000; id++) {
            String source = "198.18." + (id >>> 8 & 255) + "." + (id & 255);
            small.onSettled(first(source, id), REASON, id);
            assertThat(small.classify(later(source, id), id)).isEqualTo(REASON);
        }

        assertThat(small.entries()).isEqualTo(128);
        assertThat(small.memoryBytes()).isEqualTo(memoryBytes).isEqualTo(128 * 64);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1 << 10, 1 << 20})
    void shouldSpreadNeighbouringKeysLikeRandomOnes(int stride) {
        // 4,096 keys thrown at 1,024 sets of 4 at random leave 3,296 entries in use (Poisson, mean 4).
        FragmentTracker spread = new FragmentTracker(INHERIT, NO_BUDGET, 4096, 1);
        for (int i = 0; i < 4096; i++) {
            spread.onSettled(first("2001:db8::1", i * stride), REASON, i);
        }

        assertThat(spread.entries()).isBetween(3220, 3370);
    }

    @Test
    void shouldRefuseACapacityItCannotHold() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FragmentTracker(INHERIT, null, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FragmentTracker(INHERIT, null, 1 << 28, 1));
    }

    private record Known(int verdict, long sinceNs) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAgreeWithAMapOfFirstFragments(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FragmentTracker tested = new FragmentTracker(INHERIT, NO_BUDGET, 4096, seed);
        Map<String, Known> model = new HashMap<>();
        long nowNs = random.nextLong();
        for (int step = 0; step < 20_000; step++) {
            nowNs += random.nextLong(SECOND_NS);
            String source = (random.nextBoolean() ? "198.18.0." : "2001:db8::") + random.nextInt(1, 5);
            int id = random.nextInt(8);
            String key = source + "#" + id;
            Known known = model.getOrDefault(key, new Known(Reasons.FRAGMENT, nowNs - 30 * SECOND_NS));
            boolean alive = nowNs - known.sinceNs() < 30 * SECOND_NS;
            if (random.nextInt(3) == 0) {
                int verdict = random.nextBoolean() ? REASON + random.nextInt(3) : Verdict.FORWARD;
                tested.onSettled(first(source, id), verdict, nowNs);
                if (!alive || verdict > 0 || known.verdict() <= 0) {
                    model.put(key, new Known(verdict, nowNs));
                }
            } else {
                int expected = !alive ? Reasons.FRAGMENT : Math.max(known.verdict(), Verdict.UNSETTLED);
                assertThat(tested.classify(later(source, id), nowNs))
                        .as("seed %d, step %d, %s", seed, step, key)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldAllocateNothing() {
        FrameSlot first = first("198.18.0.1", 7);
        FrameSlot other = first("2001:db8::1", 8);
        Classifier both = (frame, nowNs) -> {
            tracker.onSettled(frame, REASON, nowNs);
            return tracker.classify(frame, nowNs);
        };

        assertThat(Allocation.bytesPerMillion(both, first, later("198.18.0.1", 7), other, later("198.18.0.1", 9)))
                .isZero();
    }
}
