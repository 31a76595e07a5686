package io.breakwater.engine.attack;

import static io.breakwater.engine.attack.Flood.MILLI_NS;
import static io.breakwater.engine.attack.Flood.SECOND_NS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.engine.attack.AttackEvent.Kind;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.VectorTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When attacks start and end, and how they are told; thresholds are 100 packets/s and 1 Mbit/s. */
class AttackDetectorTest {
    private final Flood flood = new Flood();

    @Test
    void shouldStartWithinASecondOfTheFirstFrame() {
        flood.memcached("203.0.113.5", 1_000, 2, 300 * MILLI_NS, SECOND_NS);

        AttackEvent start = flood.told(Kind.START).getFirst();
        assertThat(start.vector()).isEqualTo("memcached");
        assertThat(start.target()).isEqualTo(Prefix.parse("203.0.113.5/32"));
        assertThat(start.startedNs()).isEqualTo(300 * MILLI_NS);
        assertThat(start.lastNs()).isEqualTo(349 * MILLI_NS);
    }

    @Test
    void shouldNotStartBelowItsThreshold() {
        flood.memcached("203.0.113.5", 98, 2, 0, 60 * SECOND_NS);
        flood.idleUntil(100 * SECOND_NS);

        assertThat(flood.story()).isEmpty();
    }

    @Test
    void shouldStartByBitsWhenPacketsAreFewAndLarge() {
        FrameSlot large = PacketBuilder.ethernet()
                .ip("198.18.1.1", "203.0.113.5")
                .udp(11211, 40_000)
                .payloadBytes(1_400)
                .decoded();
        for (int i = 0; i < 95; i++) {
            flood.drop("memcached", large, i * SECOND_NS / 95);
        }

        AttackEvent start = flood.told(Kind.START).getFirst();
        assertThat(start.bitsPerSecond()).isBetween(1_000_000L, 1_030_000L);
        assertThat(start.packetsPerSecond()).isLessThan(100);
    }

    @Test
    void shouldGoOnAboveHalfOfItsThresholdAndEndTenSecondsAfterFallingBelow() {
        flood.memcached("203.0.113.5", 400, 2, 0, 2 * SECOND_NS);
        flood.memcached("203.0.113.5", 60, 2, 2 * SECOND_NS, 30 * SECOND_NS);
        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5");

        flood.memcached("203.0.113.5", 40, 2, 30 * SECOND_NS, 39 * SECOND_NS);
        assertThat(flood.story()).hasSize(1);
        flood.memcached("203.0.113.5", 40, 2, 39 * SECOND_NS, 41 * SECOND_NS);

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5", "END memcached 203.0.113.5");
        AttackEvent end = flood.told(Kind.END).getFirst();
        assertThat(end.startedNs()).isZero();
        assertThat(end.lastNs()).isBetween(29_900 * MILLI_NS, 30 * SECOND_NS);
        assertThat(end.peakPacketsPerSecond()).isEqualTo(400);
    }

    @Test
    void shouldEndWhenNothingComesAtAll() {
        flood.memcached("203.0.113.5", 400, 2, 0, SECOND_NS);
        for (long now = SECOND_NS; now < 12 * SECOND_NS; now += 100 * MILLI_NS) {
            flood.idleUntil(now);
        }

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5", "END memcached 203.0.113.5");
    }

    @Test
    void shouldEndOnceAfterAClockJumpOfYears() {
        flood.memcached("203.0.113.5", 400, 2, 0, SECOND_NS);
        long later = 10L * 365 * 86_400 * SECOND_NS;
        flood.memcached("203.0.113.5", 400, 2, later, later + SECOND_NS);

        assertThat(flood.story())
                .containsExactly(
                        "START memcached 203.0.113.5", "END memcached 203.0.113.5", "START memcached 203.0.113.5");
    }

    @Test
    void shouldBridgeThePausesOfAPulsedAttack() {
        for (int pulse = 0; pulse < 6; pulse++) {
            long from = pulse * 8L * SECOND_NS;
            flood.memcached("203.0.113.5", 400, 2, from, from + SECOND_NS);
        }

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5");
    }

    @Test
    void shouldTellAnAttackThatOnlyTheShieldSaw() {
        flood.shielded("203.0.113.5", 10_000, 1_000, SECOND_NS, 4 * SECOND_NS);
        flood.shielded("2001:db8:100::5", 10_000, 1_000, 4 * SECOND_NS, 6 * SECOND_NS);
        flood.idleUntil(30 * SECOND_NS);

        AttackEvent start = flood.told(Kind.START).getFirst();
        assertThat(start.startedNs()).isBetween(SECOND_NS, 2 * SECOND_NS);
        AttackEvent end = flood.told(Kind.END).getFirst();
        assertThat(end.peakPacketsPerSecond()).isEqualTo(10_000);
        assertThat(end.peakBitsPerSecond()).isEqualTo(80_000_000);
        assertThat(end.packets()).isEqualTo(30_000);
        assertThat(flood.story())
                .containsExactly(
                        "START memcached 203.0.113.5",
                        "START memcached 2001:db8:100::5",
                        "END memcached 203.0.113.5",
                        "END memcached 2001:db8:100::5");
    }

    @Test
    void shouldNotStartBelowItsThresholdWhenTheShieldReportsInLumps() {
        flood.shielded("203.0.113.5", 80, 60, SECOND_NS, 60 * SECOND_NS);

        assertThat(flood.story()).isEmpty();
    }

    @Test
    void shouldScaleTopReflectorsUpFromTheSampleOfAShield() {
        flood.memcached("203.0.113.5", 400, 4, 0, SECOND_NS);
        for (long second = 1; second < 5; second++) {
            flood.shielded("203.0.113.5", 100_000, 60, second * SECOND_NS, (second + 1) * SECOND_NS);
            flood.memcached("203.0.113.5", 400, 4, second * SECOND_NS + 1, (second + 1) * SECOND_NS);
        }
        flood.idleUntil(6 * SECOND_NS);

        AttackEvent last = flood.told(Kind.UPDATE).getLast();
        assertThat(last.sources()).isEqualTo(4);
        assertThat(last.topReflectors()).hasSize(4);
        assertThat(last.topReflectors().getFirst().packets()).isCloseTo(100_500L, within(2_000L));
    }

    @Test
    void shouldRefuseMoreShieldedVictimsThanItHoldsUntilTheyAreTaken() {
        int told = 0;
        while (flood.detector.tryReportShielded(1, true, 0, told, 1, 60)) {
            told++;
        }
        assertThat(told).isEqualTo(4_096);
        flood.shielded("203.0.113.5", 10, 60, SECOND_NS, SECOND_NS + 1);
        assertThat(flood.detector.tryReportShielded(1, true, 0, 1, 1, 60)).isTrue();
    }

    @Test
    void shouldTellPacketsBytesSourcesAndTopReflectors() {
        flood.memcached("203.0.113.5", 1_000, 10, 0, 10 * SECOND_NS);
        FrameSlot heavy = Flood.answer(11211, "198.18.9.9", "203.0.113.5");
        for (int i = 0; i < 2_000; i++) {
            flood.drop("memcached", heavy, 10 * SECOND_NS + i * MILLI_NS / 10);
        }
        flood.idleUntil(30 * SECOND_NS);

        AttackEvent end = flood.told(Kind.END).getFirst();
        assertThat(end.packets()).isEqualTo(12_000);
        assertThat(end.bytes()).isEqualTo(10_000L * 49 + 2_000L * 43);
        assertThat(end.peakPacketsPerSecond()).isEqualTo(4_000);
        assertThat(end.sources()).isBetween(10L, 12L);
        assertThat(end.topReflectors()).hasSize(8);
        assertThat(end.topReflectors().getFirst())
                .isEqualTo(new AttackEvent.Reflector(Prefix.parse("198.18.9.9/32"), 2_000, 2_000));
        assertThat(end.topReflectors().get(1).packets()).isEqualTo(1_000);
    }

    @Test
    void shouldTellBetweenWhichNumbersAReflectorSentWhenThereAreTooManyToCount() {
        flood.memcached("203.0.113.5", 1_000, 100, 0, 10 * SECOND_NS);
        flood.idleUntil(30 * SECOND_NS);

        assertThat(flood.told(Kind.END).getFirst().topReflectors()).hasSize(8).allSatisfy(reflector -> {
            assertThat(reflector.packets()).isBetween(1L, 100L);
            assertThat(reflector.packetsAtMost()).isBetween(100L, 10_000L / TopSources.COUNTERS + 1);
        });
    }

    @Test
    void shouldEstimateManySourcesWithinThreeStandardErrors() {
        for (int i = 0; i < 50_000; i++) {
            FrameSlot frame =
                    Flood.answer(11211, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), "203.0.113.5");
            flood.drop("memcached", frame, i * 20_000L);
        }
        flood.finish();

        long sources = flood.told(Kind.UPDATE).getLast().sources();
        assertThat((double) sources).isCloseTo(50_000, within(50_000 * 0.195));
    }

    @Test
    void shouldTellUpdatesAboutOnceASecond() {
        flood.memcached("203.0.113.5", 400, 2, 0, 30 * SECOND_NS);

        assertThat(flood.told(Kind.UPDATE)).hasSizeBetween(28, 30);
        assertThat(flood.told(Kind.UPDATE).get(20).packetsPerSecond()).isEqualTo(400);
    }

    @Test
    void shouldTellTwoVectorsOnOneVictimApart() {
        FrameSlot memcached = Flood.answer(11211, "198.18.1.1", "203.0.113.5");
        FrameSlot ntp = Flood.answer(123, "198.18.1.2", "203.0.113.5");
        for (int i = 0; i < 400; i++) {
            flood.drop("memcached", memcached, i * MILLI_NS);
            flood.drop("ntp", ntp, i * MILLI_NS);
        }

        assertThat(flood.story()).containsExactlyInAnyOrder("START memcached 203.0.113.5", "START ntp 203.0.113.5");
    }

    @Test
    void shouldDetectOverIpv6() {
        flood.memcached("2001:db8:100::5", 400, 3, 0, 12 * SECOND_NS);
        flood.idleUntil(40 * SECOND_NS);

        assertThat(flood.story()).containsExactly("START memcached 2001:db8:100::5", "END memcached 2001:db8:100::5");
        assertThat(flood.told(Kind.END).getFirst().topReflectors())
                .extracting(reflector -> AttackEvent.text(reflector.address()))
                .containsExactlyInAnyOrder("2001:db8:5::", "2001:db8:5::1", "2001:db8:5::2");
    }

    @Test
    void shouldCountLaterFragmentsByTheReasonTheyInherit() {
        FrameSlot later = PacketBuilder.ethernet()
                .ip("198.18.1.1", "203.0.113.5")
                .fragment(1_480, false, 77)
                .protocol(17)
                .payloadBytes(400)
                .decoded();
        assertThat(later.fragment()).isEqualTo(FrameSlot.LATER_FRAGMENT);
        for (int i = 0; i < 200; i++) {
            flood.judge(later, flood.reasons.unsolicited("dns"), i * MILLI_NS);
        }

        assertThat(flood.story()).containsExactly("START dns 203.0.113.5");
    }

    @Test
    void shouldCountWhatMonitorModeAndRatesLetPassByTheRuleItMet() {
        FrameSlot passed = Flood.answer(27015, "198.18.1.1", "203.0.113.5");
        passed.matchedReason(flood.reasons.limit("steam"));
        for (int i = 0; i < 200; i++) {
            flood.judge(passed, Verdict.FORWARD, i * MILLI_NS);
        }

        assertThat(flood.story()).containsExactly("START steam 203.0.113.5");
    }

    @Test
    void shouldCountBlockedSourcesByTheirPort() {
        FrameSlot blocked = Flood.answer(11211, "198.18.1.1", "203.0.113.5");
        for (int i = 0; i < 200; i++) {
            flood.judge(blocked, Reasons.BLOCKED_SOURCE, i * MILLI_NS);
        }

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5");
    }

    @Test
    void shouldNotCountWhatMetNoRule() {
        FrameSlot answer = Flood.answer(53, "198.18.1.1", "203.0.113.5");
        FrameSlot game = Flood.answer(30120, "198.18.1.1", "203.0.113.5");
        FrameSlot malformed = Flood.answer(11211, "198.18.1.1", "203.0.113.5");
        for (int i = 0; i < 10_000; i++) {
            flood.judge(answer, Verdict.FORWARD, i * MILLI_NS);
            flood.judge(malformed, Reasons.MALFORMED, i * MILLI_NS);
            flood.judge(game, Reasons.BLOCKED_SOURCE, i * MILLI_NS);
        }
        flood.finish();

        assertThat(flood.story()).isEmpty();
    }

    @Test
    void shouldTellCarpetBombingAsAnAttackOnTheNetwork() {
        for (int i = 0; i < 3_000; i++) {
            FrameSlot frame = Flood.answer(11211, "198.18.1." + i % 7, "203.0.113." + i % 250);
            flood.drop("memcached", frame, i * MILLI_NS);
        }
        assertThat(flood.story()).containsExactly("START memcached 203.0.113.0/24");
        AttackEvent start = flood.told(Kind.START).getFirst();
        assertThat(start.lastNs()).isLessThan(1_600 * MILLI_NS);
        flood.idleUntil(20 * SECOND_NS);

        assertThat(flood.story()).contains("END memcached 203.0.113.0/24");
        assertThat(flood.told(Kind.END).getFirst().sources()).isBetween(6L, 8L);
    }

    @Test
    void shouldTellCarpetBombingOverIpv6AsAnAttackOnTheSixtyFour() {
        for (int i = 0; i < 3_000; i++) {
            FrameSlot frame =
                    Flood.answer(11211, "2001:db8:5::1", "2001:db8:100:7::" + Integer.toHexString(i * 31 % 3_000));
            flood.drop("memcached", frame, i * MILLI_NS);
        }

        assertThat(flood.story()).containsExactly("START memcached 2001:db8:100:7::/64");
    }

    @Test
    void shouldNotTakeAFewVictimsOfOneNetworkForCarpetBombing() {
        for (int i = 0; i < 30_000; i++) {
            String victim = "203.0.113." + (1 + i % 3);
            flood.drop("memcached", Flood.answer(11211, "198.18.1.1", victim), 450 * MILLI_NS + i * MILLI_NS / 5);
        }

        assertThat(flood.story())
                .containsExactlyInAnyOrder(
                        "START memcached 203.0.113.1", "START memcached 203.0.113.2", "START memcached 203.0.113.3");
    }

    @Test
    void shouldTellTheSixtyFifthVictimByItsNetwork() {
        manyVictims(64, 0);
        assertThat(flood.told(Kind.START)).hasSize(64);
        assertThat(flood.told(Kind.MERGED)).isEmpty();

        flood.memcached("203.0.113.200", 1_000, 1, SECOND_NS, 2 * SECOND_NS);

        assertThat(flood.told(Kind.MERGED)).hasSize(64);
        assertThat(flood.told(Kind.START)).hasSize(65);
        assertThat(flood.told(Kind.START).getLast().targetText()).isEqualTo("203.0.113.0/24");
        assertThat(flood.detector.overflows()).isZero();
    }

    @Test
    void shouldJoinTheMostCrowdedNetworkWhenTheNewVictimIsElsewhere() {
        manyVictims(64, 0);

        flood.memcached("198.51.100.9", 1_000, 1, SECOND_NS, 2 * SECOND_NS);

        assertThat(flood.story())
                .contains("START memcached 203.0.113.0/24", "START memcached 198.51.100.9")
                .doesNotContain("START memcached 198.51.100.0/24");
    }

    @Test
    void shouldCountWhatItCannotTell() {
        for (int i = 0; i < 65; i++) {
            flood.memcached("203.0." + i + ".1", 1_000, 1, i * MILLI_NS, 300 * MILLI_NS);
        }

        assertThat(flood.told(Kind.START)).hasSize(64);
        assertThat(flood.detector.overflows()).isPositive();
    }

    /** Floods so many addresses of one /24 in turn, within a quarter of a second. */
    private void manyVictims(int victims, long fromNs) {
        List<FrameSlot> frames = new ArrayList<>();
        for (int i = 0; i < victims; i++) {
            frames.add(Flood.answer(11211, "198.18.1.1", "203.0.113." + (i + 1)));
        }
        for (int i = 0; i < 60 * victims; i++) {
            flood.drop("memcached", frames.get(i % victims), fromNs + i * 250L * MILLI_NS / (60L * victims));
        }
    }

    @Test
    void shouldStayDetectedAmidASprayOverMoreTargetsThanItHolds() {
        FrameSlot victim = Flood.answer(11211, "198.18.1.1", "203.0.113.5");
        for (int i = 0; i < 200_000; i++) {
            String other = "10." + (i >> 16 & 255) + "." + (i & 255) + "." + (i >> 8 & 255);
            flood.drop("memcached", Flood.answer(11211, "198.18.1.1", other), i * 10_000L);
            if (i % 100 == 0) {
                flood.drop("memcached", victim, i * 10_000L);
            }
        }

        assertThat(flood.story()).contains("START memcached 203.0.113.5");
    }

    @Test
    void shouldKeepAttacksAcrossAReloadAndTakeTheNewThresholds() {
        flood.memcached("203.0.113.5", 400, 2, 0, 2 * SECOND_NS);
        flood.reload(Flood.policy(Flood.threshold(10_000, 1_000_000_000)));
        flood.memcached("203.0.113.5", 400, 2, 2 * SECOND_NS, 11 * SECOND_NS);
        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5");

        flood.memcached("203.0.113.5", 400, 2, 11 * SECOND_NS, 13 * SECOND_NS);
        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5", "END memcached 203.0.113.5");
    }

    @Test
    void shouldEndAttacksWhenAReloadSwitchesDetectionOff() {
        flood.memcached("203.0.113.5", 400, 2, 0, 2 * SECOND_NS);
        flood.reload(Flood.policy(VectorTable.builtIn(), AttackDetection.OFF));
        flood.memcached("203.0.113.5", 400, 2, 2 * SECOND_NS, 14 * SECOND_NS);
        flood.idleUntil(14 * SECOND_NS);

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5", "END memcached 203.0.113.5");
    }

    @Test
    void shouldTellStartAndEndLaterWhenNobodyTookTheEvents() {
        for (int round = 0; round < 700; round++) {
            long from = round * 20L * SECOND_NS;
            flood.memcached("203.0.113.5", 400, 1, from, from + SECOND_NS / 2);
        }
        long full = 700L * 20 * SECOND_NS;
        flood.memcached("203.0.113.9", 400, 1, full, full + SECOND_NS);
        assertThat(flood.detector.lostEvents()).isPositive();
        int before = flood.story().size();
        flood.memcached("203.0.113.9", 400, 1, full + SECOND_NS, full + 3 * SECOND_NS);
        flood.idleUntil(full + 60 * SECOND_NS);

        assertThat(flood.story().subList(before, flood.story().size()))
                .contains("START memcached 203.0.113.9", "END memcached 203.0.113.9");
    }

    @Test
    void shouldTellHowThingsStandWhenACaptureEnds() {
        FrameSlot frame = Flood.answer(11211, "198.18.1.1", "203.0.113.5");
        for (int i = 0; i < 2_500; i++) {
            flood.drop("memcached", frame, i * 6_000L);
        }
        flood.finish();

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.5");
        assertThat(flood.told(Kind.UPDATE).getLast().packets()).isEqualTo(2_500);
        assertThat(flood.told(Kind.UPDATE).getLast().peakPacketsPerSecond()).isEqualTo(5_000);
    }

    @Test
    void shouldTellCarpetBombingInACaptureOfMilliseconds() {
        for (int i = 0; i < 1_000; i++) {
            flood.drop("memcached", Flood.answer(11211, "198.18.1.1", "203.0.113." + i % 200), i * 6_000L);
        }
        flood.finish();

        assertThat(flood.story()).containsExactly("START memcached 203.0.113.0/24");
    }
}
