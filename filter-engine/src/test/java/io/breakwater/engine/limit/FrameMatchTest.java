package io.breakwater.engine.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.LimitRule.Range;
import io.breakwater.engine.policy.VectorTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameMatchTest {
    private static final FrameSlot DNS = udp(53, 40_000).payloadBytes(100).decoded();
    private static final FrameSlot DNS_V6 = PacketBuilder.ethernet()
            .ipv6("2001:db8::1", "2001:db8:100::5")
            .udp(53, 40_000)
            .payloadBytes(100)
            .decoded();
    private static final FrameSlot TCP_53 = v4().tcp(53, 40_000).decoded();
    private static final FrameSlot ICMP = v4().protocol(1).payloadBytes(8).decoded();
    private static final FrameSlot ICMPV6 = v6().protocol(58).payloadBytes(8).decoded();
    private static final FrameSlot PROTOCOL_1_IN_V6 =
            v6().protocol(1).payloadBytes(8).decoded();
    private static final FrameSlot PROTOCOL_58_IN_V4 =
            v4().protocol(58).payloadBytes(8).decoded();
    private static final FrameSlot FIRST_FRAGMENT =
            udp(53, 40_000).payloadBytes(100).fragment(0, true, 7).decoded();
    private static final FrameSlot LATER_FRAGMENT =
            udp(53, 40_000).payloadBytes(100).fragment(1480, false, 7).decoded();
    private static final FrameSlot ATOMIC_FRAGMENT =
            v6().udp(53, 40_000).payloadBytes(100).atomicFragment(7).decoded();
    private static final FrameSlot PORTS_NOT_CAPTURED = cutTo(14 + 20 + 2);

    record Case(String what, MatchBuilder match, FrameSlot frame, boolean expected) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static PacketBuilder v4() {
        return PacketBuilder.ethernet().ipv4("198.18.0.1", "203.0.113.5");
    }

    private static PacketBuilder v6() {
        return PacketBuilder.ethernet().ipv6("2001:db8::1", "2001:db8:100::5");
    }

    private static PacketBuilder udp(int from, int to) {
        return v4().udp(from, to);
    }

    private static MatchBuilder match() {
        return new MatchBuilder();
    }

    private static FrameSlot cutTo(int bytes) {
        byte[] frame = udp(53, 40_000).payloadBytes(100).build();
        FrameSlot slot = PacketBuilder.slot(frame, bytes, frame.length, io.breakwater.engine.frame.LinkLayer.ETHERNET);
        io.breakwater.engine.frame.FrameDecoder.decode(slot);
        return slot;
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("any frame", match(), TCP_53, true),
                new Case("UDP is UDP", match().protocol(17), DNS, true),
                new Case("UDP over IPv6 is UDP", match().protocol(17), DNS_V6, true),
                new Case("TCP is not UDP", match().protocol(17), TCP_53, false),
                new Case("a later fragment of UDP is UDP", match().protocol(17), LATER_FRAGMENT, true),
                new Case("ICMP in IPv4", match().icmp(), ICMP, true),
                new Case("ICMPv6 in IPv6", match().icmp(), ICMPV6, true),
                new Case("number 1 in IPv6 is not ICMP", match().icmp(), PROTOCOL_1_IN_V6, false),
                new Case("number 58 in IPv4 is not ICMP", match().icmp(), PROTOCOL_58_IN_V4, false),
                new Case("UDP is not ICMP", match().icmp(), DNS, false),
                new Case("protocol 1 by number", match().protocol(1), PROTOCOL_1_IN_V6, true),
                new Case("source prefix", match().sources("198.18.0.0/15"), DNS, true),
                new Case("other source prefix", match().sources("198.18.0.2"), DNS, false),
                new Case("one of two source prefixes", match().sources("10.0.0.0/8", "198.18.0.1"), DNS, true),
                new Case("IPv4 prefix and IPv6 frame", match().sources("0.0.0.0/0"), DNS_V6, false),
                new Case("IPv6 source prefix", match().sources("2001:db8::/48"), DNS_V6, true),
                new Case("destination prefix", match().destinations("203.0.113.0/24"), DNS, true),
                new Case("the source is no destination", match().destinations("198.18.0.0/15"), DNS, false),
                new Case("both prefixes", match().sources("198.18.0.1").destinations("203.0.113.5"), DNS, true),
                new Case("only one prefix", match().sources("198.18.0.1").destinations("203.0.113.6"), DNS, false),
                new Case("source port", match().sourcePorts(new Range(53, 53)), DNS, true),
                new Case("source port of TCP", match().sourcePorts(new Range(53, 53)), TCP_53, true),
                new Case("source port range", match().sourcePorts(new Range(0, 52), new Range(54, 65535)), DNS, false),
                new Case("destination port", match().destinationPorts(new Range(39_999, 40_001)), DNS, true),
                new Case("other destination port", match().destinationPorts(new Range(53, 53)), DNS, false),
                new Case(
                        "no port in a later fragment", match().sourcePorts(new Range(0, 65535)), LATER_FRAGMENT, false),
                new Case("no port in ICMP", match().destinationPorts(new Range(0, 65535)), ICMP, false),
                new Case("no port captured", match().sourcePorts(new Range(0, 65535)), PORTS_NOT_CAPTURED, false),
                new Case("vector by name", match().vectors("dns", "ntp"), DNS, true),
                new Case("other vector", match().vectors("ntp"), DNS, false),
                new Case("any vector", match().anyVector(), DNS, true),
                new Case(
                        "no vector's port", match().anyVector(), udp(40_000, 53).decoded(), false),
                new Case("vectors are UDP", match().anyVector(), TCP_53, false),
                new Case("vector in a first fragment", match().anyVector(), FIRST_FRAGMENT, true),
                new Case("no vector in a later fragment", match().anyVector(), LATER_FRAGMENT, false),
                new Case("a vector that the policy has not", match().vectors("off"), DNS, false),
                new Case("first fragment", match().fragment(true), FIRST_FRAGMENT, true),
                new Case("later fragment", match().fragment(true), LATER_FRAGMENT, true),
                new Case("no fragment", match().fragment(true), DNS, false),
                new Case("an atomic fragment is whole", match().fragment(true), ATOMIC_FRAGMENT, false),
                new Case("whole", match().fragment(false), DNS, true),
                new Case("not whole", match().fragment(false), LATER_FRAGMENT, false),
                new Case("least size", match().size(DNS.length(), 9_000), DNS, true),
                new Case("largest size", match().size(0, DNS.length()), DNS, true),
                new Case("too small", match().size(DNS.length() + 1, 9_000), DNS, false),
                new Case("too large", match().size(0, DNS.length() - 1), DNS, false),
                new Case("a cut frame has its original size", match().size(142, 142), PORTS_NOT_CAPTURED, true));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldMatch(Case given) {
        FrameMatch match = new FrameMatch(given.match().build(), VectorTable.builtIn());

        assertThat(match.matches(given.frame())).isEqualTo(given.expected());
    }

    @Test
    void shouldPassOverSolicitedFramesIfAsked() {
        FrameMatch match = new FrameMatch(match().unsolicitedOnly().build(), VectorTable.builtIn());
        FrameSlot frame = udp(53, 40_000).decoded();
        assertThat(match.matches(frame)).isTrue();

        frame.solicited(true);
        assertThat(match.matches(frame)).isFalse();
    }
}
