package io.breakwater.engine.classify;

import static io.breakwater.engine.classify.Policies.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AntiSpoof.Level;
import io.breakwater.engine.policy.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpoofGuardTest {
    private static final int DROP = Reasons.ANTISPOOF;
    private final WouldDrops wouldDrops = new WouldDrops();

    private SpoofGuard guard(Lane lane, Level outbound, Level inbound, Level bogons) {
        Policy policy = Policies.antiSpoof(
                prefixes("203.0.113.0/24", "10.9.0.0/16", "2001:db8:100::/48"),
                prefixes("192.168.7.0/24", "fd00:7::/32"),
                new AntiSpoof(outbound, inbound, bogons, prefixes("198.18.5.1", "203.0.113.254", "2001:db8:5::1")));
        return new SpoofGuard(policy, lane, wouldDrops);
    }

    private static FrameSlot udp(String source, String destination) {
        return PacketBuilder.ethernet().ip(source, destination).udp(5000, 6000).decoded();
    }

    private static FrameSlot udp(String source) {
        return udp(source, source.contains(":") ? "2606:4700::1" : "9.9.9.9");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 0",
        "203.0.114.7, 5",
        "9.9.9.9, 5",
        "10.9.255.255, 0",
        "10.10.0.0, 5",
        "198.18.5.1, 0",
        "198.18.5.2, 5",
        "2001:db8:100::1, 0",
        "2001:db8:101::1, 5",
        "2001:db8:5::1, 0",
        "::203.0.113.7, 5",
        "::, 0",
        "fe80::1, 0",
        "febf:ffff::1, 0",
        "fec0::1, 5",
        "192.168.7.1, 5",
    })
    void shouldDropOutboundSourcesThatAreNotProtected(String source, int verdict) {
        SpoofGuard guard = guard(Lane.OUTBOUND, Level.STRICT, Level.OFF, Level.OFF);

        assertThat(guard.classify(udp(source), 0)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 5",
        "203.0.113.254, 0",
        "203.0.114.7, 0",
        "9.9.9.9, 0",
        "2001:db8:100::1, 5",
        "2001:db8:101::1, 0",
        "::203.0.113.7, 0",
    })
    void shouldDropInboundSourcesThatAreProtected(String source, int verdict) {
        SpoofGuard guard = guard(Lane.INBOUND, Level.OFF, Level.STRICT, Level.OFF);

        assertThat(guard.classify(udp(source), 0)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.1",
                "10.0.0.1",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.1.1",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.8",
                "192.0.0.170",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255",
                "::1",
                "::ffff:9.9.9.9",
                "64:ff9b:1::1",
                "100::1",
                "100:0:0:1::1",
                "2001::1",
                "2001:2::1",
                "2001:10::1",
                "2001:1ff::1",
                "2001:db8::1",
                "2002:909:909::1",
                "3fff::1",
                "3fff:fff::1",
                "5f00::1",
                "fc00::1",
                "fdff::1",
                "ff02::1",
                "ff0e::1",
            })
    void shouldDropInboundBogons(String source) {
        SpoofGuard guard = guard(Lane.INBOUND, Level.OFF, Level.OFF, Level.STRICT);

        assertThat(guard.classify(udp(source), 0)).isEqualTo(DROP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.0.9",
                "192.0.0.10",
                "192.0.1.0",
                "192.31.196.1",
                "192.52.193.1",
                "192.175.48.1",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::",
                "64:ff9b::9.9.9.9",
                "2001:1::1",
                "2001:3::1",
                "2001:4:112::1",
                "2001:20::1",
                "2001:3f::1",
                "2001:200::1",
                "2606:4700::1",
                "2620:4f:8000::1",
                "3fff:1000::1",
                "fe80::1",
                // Named by protected, trusted and exempt:
                "203.0.113.7",
                "10.9.0.1",
                "192.168.7.1",
                "fd00:7::1",
                "2001:db8:100::1",
                "198.18.5.1",
                "2001:db8:5::1",
            })
    void shouldPassSourcesThatTheInternetOrThePolicyKnows(String source) {
        SpoofGuard guard = guard(Lane.INBOUND, Level.OFF, Level.OFF, Level.STRICT);

        assertThat(guard.classify(udp(source), 0)).isEqualTo(Verdict.UNSETTLED);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 224.0.0.0, 0",
        "10.0.0.1, 224.0.0.255, 0",
        "10.0.0.1, 224.0.1.0, 5",
        "10.0.0.1, 223.255.255.255, 5",
        "203.0.113.7, 224.0.0.5, 0",
        "fc00::1, ff02::1, 0",
        "fc00::1, ff02:1::1, 0",
        "fc00::1, ff03::1, 5",
        "2001:db8:100::1, ff02::5, 0",
    })
    void shouldNeverJudgeFramesToTheLink(String source, String destination, int verdict) {
        SpoofGuard guard = guard(Lane.INBOUND, Level.OFF, Level.STRICT, Level.STRICT);

        assertThat(guard.classify(udp(source, destination), 0)).isEqualTo(verdict);
    }

    @Test
    void shouldPassDhcpClientsWithoutAnAddressAndNothingElseFromThere() {
        for (Lane lane : Lane.values()) {
            SpoofGuard guard = guard(lane, Level.STRICT, Level.STRICT, Level.STRICT);
            PacketBuilder frame = PacketBuilder.ethernet().ipv4("0.0.0.0", "255.255.255.255");

            assertThat(guard.classify(frame.udp(68, 67).decoded(lane), 0)).isEqualTo(Verdict.UNSETTLED);
            assertThat(guard.classify(frame.udp(67, 68).decoded(lane), 0)).isEqualTo(DROP);
            assertThat(guard.classify(frame.udp(68, 69).decoded(lane), 0)).isEqualTo(DROP);
            assertThat(guard.classify(frame.tcp(68, 67).decoded(lane), 0)).isEqualTo(DROP);
            assertThat(guard.classify(frame.protocol(1).payloadBytes(8).decoded(lane), 0))
                    .isEqualTo(DROP);
        }
    }

    @Test
    void shouldNotJudgeAnAddresslessSourceWhosePortsWereNotCaptured() {
        SpoofGuard guard = guard(Lane.INBOUND, Level.OFF, Level.OFF, Level.STRICT);
        byte[] frame = PacketBuilder.ethernet()
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(5000, 6000)
                .build();
        FrameSlot snapped = PacketBuilder.slot(frame, 14 + 20, frame.length, LinkLayer.ETHERNET);
        FrameDecoder.decode(snapped);
        FrameSlot later = PacketBuilder.ethernet()
                .ipv4("0.0.0.0", "255.255.255.255")
                .protocol(17)
                .fragment(8, false, 1)
                .payloadBytes(8)
                .decoded();

        assertThat(guard.classify(snapped, 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(guard.classify(later, 0)).isEqualTo(DROP);
    }

    @Test
    void shouldCountAndPassInMonitorMode() {
        SpoofGuard inbound = guard(Lane.INBOUND, Level.OFF, Level.MONITOR, Level.MONITOR);
        SpoofGuard outbound = guard(Lane.OUTBOUND, Level.MONITOR, Level.OFF, Level.OFF);

        assertThat(inbound.classify(udp("203.0.113.7"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(inbound.classify(udp("127.0.0.1"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(inbound.classify(udp("9.9.9.9"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(outbound.classify(udp("9.9.9.9"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(wouldDrops.reasons).containsExactly(DROP, DROP, DROP);
    }

    @Test
    void shouldKeepEachRuleToItsLane() {
        SpoofGuard outbound = guard(Lane.OUTBOUND, Level.OFF, Level.STRICT, Level.STRICT);
        SpoofGuard inbound = guard(Lane.INBOUND, Level.STRICT, Level.OFF, Level.OFF);

        assertThat(outbound.judges()).isFalse();
        assertThat(outbound.classify(udp("127.0.0.1"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(inbound.judges()).isFalse();
        assertThat(inbound.classify(udp("9.9.9.9"), 0)).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldOnlyJudgeBogonsWithoutProtected() {
        AntiSpoof strict = new AntiSpoof(Level.STRICT, Level.STRICT, Level.STRICT, List.of());
        Policy policy = Policies.antiSpoof(List.of(), List.of(), strict);
        SpoofGuard inbound = new SpoofGuard(policy, Lane.INBOUND, wouldDrops);
        SpoofGuard outbound = new SpoofGuard(policy, Lane.OUTBOUND, wouldDrops);

        assertThat(outbound.judges()).isFalse();
        assertThat(outbound.classify(udp("9.9.9.9"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(inbound.classify(udp("9.9.9.9"), 0)).isEqualTo(Verdict.UNSETTLED);
        assertThat(inbound.classify(udp("127.0.0.1"), 0)).isEqualTo(DROP);
    }

    @Test
    void shouldAllocateNothing() {
        SpoofGuard guard = guard(Lane.INBOUND, Level.OFF, Level.STRICT, Level.STRICT);

        assertThat(Allocation.bytesPerMillion(
                        guard, udp("9.9.9.9"), udp("203.0.113.7"), udp("fc00::1"), udp("2606:4700::1")))
                .isZero();
    }
}
