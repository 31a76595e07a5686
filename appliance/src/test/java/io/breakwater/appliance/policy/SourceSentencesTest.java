package io.breakwater.appliance.policy;

import static io.breakwater.appliance.policy.Sentence.FORWARD;
import static io.breakwater.appliance.policy.Sentence.sentence;
import static io.breakwater.engine.frame.PacketBuilder.ethernet;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sources, lanes, service guard, anti-spoofing and bogons. */
class SourceSentencesTest {
    private static final String INSIDE = "203.0.113.5";
    private static final String INSIDE_6 = "2001:db8:100::5";
    private static final String PROTECTED = "protected: [203.0.113.0/24, \"2001:db8:100::/48\"]";

    private static PacketBuilder from(String source) {
        return udp(source, 40_000, 40_001);
    }

    private static PacketBuilder udp(String source, int sourcePort, int destinationPort) {
        return ethernet()
                .ip(source, source.contains(":") ? INSIDE_6 : INSIDE)
                .udp(sourcePort, destinationPort)
                .payload("x");
    }

    @TestFactory
    Stream<DynamicTest> shouldJudgeSources() {
        return Stream.of(
                        sentence("longest prefix wins between the two lists: a longer trusted prefix beats blocked")
                                .policy("sources: {trusted: [192.0.2.7/32], blocked: [192.0.2.0/24]}")
                                .at(0, from("192.0.2.8"), "blocked-source")
                                .at(0, from("192.0.2.7"), FORWARD),
                        sentence("longest prefix wins between the two lists: a longer blocked prefix beats trusted")
                                .policy("sources: {trusted: [192.0.2.0/24], blocked: [192.0.2.7/32]}")
                                .at(0, from("192.0.2.8"), FORWARD)
                                .at(0, from("192.0.2.7"), "blocked-source"),
                        sentence("trusted skips everything but malformed")
                                .policy(
                                        PROTECTED,
                                        "sources: {trusted: [192.0.2.0/24, 203.0.113.9/32]}",
                                        "antispoof: {inbound: strict, bogons: drop}",
                                        "services: {memcached: {port: 11211, protocols: [udp, tcp], allow: [1.1.1.1/32]}}",
                                        "limits: [{name: one, match: {lane: inbound}, track: source, rate: 1 packets/day}]")
                                .many(3, 0, udp("192.0.2.1", 11_211, 11_211), FORWARD)
                                .many(2, 0, udp("192.0.2.1", 53, 53).payload("\0\1\201\200"), FORWARD)
                                .at(0, udp("192.0.2.1", 1, 2).lieUdpLength(7), "malformed")
                                .many(
                                        3,
                                        0,
                                        ethernet()
                                                .ip("192.0.2.1", INSIDE)
                                                .udp(1, 2)
                                                .fragment(1480, false, 9)
                                                .payloadBytes(99),
                                        FORWARD),
                        sentence("sources are judged on the outbound lane too")
                                .policy(PROTECTED, "sources: {blocked: [203.0.113.66/32]}")
                                .at(
                                        0,
                                        ethernet()
                                                .ip("203.0.113.66", "192.0.2.1")
                                                .udp(1, 2),
                                        "blocked-source")
                                .at(
                                        0,
                                        ethernet()
                                                .ip("203.0.113.65", "192.0.2.1")
                                                .udp(1, 2),
                                        FORWARD),
                        sentence("an allow-listed client skips only its guard")
                                .policy(
                                        "reflection: {defaults: off, memcached: drop}",
                                        "services: {memcached: {port: 11211, protocols: [udp, tcp], allow: [192.0.2.10/32]}}",
                                        "limits: [{name: two, match: {lane: inbound}, track: source, rate: 2 packets/day, burst: 2 packets}]")
                                .at(0, udp("192.0.2.11", 40_000, 11_211), "service:memcached")
                                .at(0, ethernet().ip("192.0.2.11", INSIDE).tcp(40_000, 11_211), "service:memcached")
                                .at(0, ethernet().ip("192.0.2.11", INSIDE).tcp(11_211, 40_000), FORWARD)
                                .at(0, udp("192.0.2.10", 11_211, 11_211), "reflection:memcached")
                                .many(2, 0, udp("192.0.2.10", 40_000, 11_211), FORWARD)
                                .at(0, udp("192.0.2.10", 40_000, 11_211), "limit:two"),
                        sentence("service guard and reflection act on the inbound lane only")
                                .policy(
                                        PROTECTED,
                                        "services: {memcached: {port: 11211, protocols: [udp], allow: []}}",
                                        "reflection: {defaults: off, memcached: drop}")
                                .at(0, ethernet().ip(INSIDE, "192.0.2.1").udp(40_000, 11_211), FORWARD)
                                .at(0, ethernet().ip(INSIDE, "192.0.2.1").udp(11_211, 40_000), FORWARD)
                                .at(0, udp("192.0.2.1", 40_000, 11_211), "service:memcached")
                                .at(0, udp("192.0.2.1", 11_211, 40_000), "reflection:memcached"),
                        sentence("a service in monitor mode counts, settles nothing, and the next classifier looks")
                                .policy(
                                        "services: {memcached: {port: 11211, protocols: [udp], allow: [], mode: monitor}}",
                                        "reflection: {defaults: off, chargen: drop}")
                                .at(0, udp("192.0.2.1", 40_000, 11_211), FORWARD)
                                .at(0, udp("192.0.2.1", 19, 11_211), "reflection:chargen")
                                .wouldDrop("service:memcached", 2))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldGuardAgainstSpoofedSources() {
        String strict = "antispoof: {outbound: strict, inbound: strict, bogons: drop}";
        return Stream.of(
                        sentence("anti-spoofing inbound is monitor once protected is given")
                                .policy(PROTECTED)
                                .lane(Lane.INBOUND)
                                .at(0, from("203.0.113.7"), FORWARD)
                                .at(0, from("10.0.0.1"), FORWARD)
                                .wouldDrop("antispoof", 1),
                        sentence("anti-spoofing is off without protected")
                                .lane(Lane.INBOUND)
                                .at(0, from("203.0.113.7"), FORWARD)
                                .wouldDropNothing(),
                        sentence("inbound sources must not be protected")
                                .policy(PROTECTED, strict)
                                .lane(Lane.INBOUND)
                                .at(0, from("203.0.113.7"), "antispoof")
                                .at(0, from("2001:db8:100::7"), "antispoof")
                                .at(0, from("8.8.8.8"), FORWARD),
                        sentence("outbound sources must be protected; bogons are not looked at there")
                                .policy(PROTECTED, strict)
                                .lane(Lane.OUTBOUND)
                                .at(0, from("203.0.113.7"), FORWARD)
                                .at(0, from("2001:db8:100::7"), FORWARD)
                                .at(0, from("8.8.8.8"), "antispoof")
                                .at(0, from("10.0.0.1"), "antispoof"),
                        sentence("outbound monitor counts only")
                                .policy(PROTECTED, "antispoof: {outbound: monitor}")
                                .lane(Lane.OUTBOUND)
                                .at(0, from("8.8.8.8"), FORWARD)
                                .wouldDrop("antispoof", 1),
                        sentence("never judged: the sources ::, fe80::/10 and 0.0.0.0 in DHCP")
                                .policy(PROTECTED, strict)
                                .lane(Lane.OUTBOUND)
                                .at(0, from("::"), FORWARD)
                                .at(0, from("fe80::1"), FORWARD)
                                .at(0, from("febf::1"), FORWARD)
                                .at(0, from("fec0::1"), "antispoof")
                                .at(
                                        0,
                                        ethernet()
                                                .ip("0.0.0.0", "255.255.255.255")
                                                .udp(68, 67),
                                        FORWARD)
                                .at(
                                        0,
                                        ethernet()
                                                .ip("0.0.0.0", "255.255.255.255")
                                                .udp(68, 68),
                                        "antispoof")
                                .at(
                                        0,
                                        ethernet()
                                                .ip("0.0.0.0", "255.255.255.255")
                                                .tcp(68, 67),
                                        "antispoof"),
                        sentence("never judged: the destinations 224.0.0.0/24 and ff02::/16")
                                .policy(PROTECTED, strict)
                                .lane(Lane.INBOUND)
                                .at(
                                        0,
                                        ethernet()
                                                .ip("203.0.113.1", "224.0.0.255")
                                                .udp(1, 2),
                                        FORWARD)
                                .at(0, ethernet().ip("203.0.113.1", "224.0.1.0").udp(1, 2), "antispoof")
                                .at(
                                        0,
                                        ethernet()
                                                .ip("10.0.0.1", "224.0.0.5")
                                                .protocol(89)
                                                .payloadBytes(24),
                                        FORWARD)
                                .at(
                                        0,
                                        ethernet()
                                                .ip("2001:db8:100::1", "ff02::1")
                                                .udp(1, 2),
                                        FORWARD)
                                .at(
                                        0,
                                        ethernet()
                                                .ip("2001:db8:100::1", "ff05::1")
                                                .udp(1, 2),
                                        "antispoof"),
                        sentence("never judged: antispoof.exempt")
                                .policy(
                                        PROTECTED,
                                        "antispoof: {inbound: strict, bogons: drop, exempt: [203.0.113.1/32, 10.0.0.1/32]}")
                                .lane(Lane.INBOUND)
                                .at(0, from("203.0.113.1"), FORWARD)
                                .at(0, from("203.0.113.2"), "antispoof")
                                .at(0, from("10.0.0.1"), FORWARD)
                                .at(0, from("10.0.0.2"), "antispoof"),
                        sentence(
                                        "bogons: special-purpose and multicast sources, except what protected or trusted names")
                                .policy(
                                        PROTECTED,
                                        "sources: {trusted: [10.1.0.0/16]}",
                                        "antispoof: {inbound: off, bogons: drop}")
                                .lane(Lane.INBOUND)
                                .at(0, from("10.0.0.1"), "antispoof")
                                .at(0, from("10.1.0.1"), FORWARD)
                                .at(0, from("100.64.0.1"), "antispoof")
                                .at(0, from("127.0.0.1"), "antispoof")
                                .at(0, from("224.1.1.1"), "antispoof")
                                .at(0, from("255.255.255.255"), "antispoof")
                                .at(0, from("203.0.113.7"), FORWARD)
                                .at(0, from("198.51.100.7"), "antispoof")
                                .at(0, from("2001:db8:200::1"), "antispoof")
                                .at(0, from("2001:db8:100::1"), FORWARD)
                                .at(0, from("fc00::1"), "antispoof")
                                .at(0, from("ff0e::1"), "antispoof")
                                .at(0, from("2001::1"), "antispoof")
                                .at(0, from("2002:909:909::1"), "antispoof")
                                .at(0, from("192.88.99.1"), "antispoof")
                                .at(0, from("64:ff9b::909:909"), FORWARD)
                                .at(0, from("1.1.1.1"), FORWARD),
                        sentence("bogons are off unless asked for").at(0, from("10.0.0.1"), FORWARD))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldTellLanesApart() {
        return Stream.of(
                        sentence("a frame whose source address is in protected is outbound, any other inbound")
                                .policy(
                                        PROTECTED,
                                        "reflection: {defaults: off, memcached: drop}",
                                        "limits: [{name: out, match: {lane: outbound}, track: rule, rate: 1 packets/day}]")
                                .at(0, udp("192.0.2.1", 11_211, 1), "reflection:memcached")
                                .at(0, udp(INSIDE, 11_211, 1), FORWARD)
                                .at(0, udp(INSIDE, 11_211, 1), "limit:out"),
                        sentence("without protected every frame is inbound")
                                .policy("reflection: {defaults: off, memcached: drop}")
                                .at(0, udp(INSIDE, 11_211, 1), "reflection:memcached"),
                        sentence("--lane forces one lane for all")
                                .policy(PROTECTED, "reflection: {defaults: off, memcached: drop}")
                                .lane(Lane.OUTBOUND)
                                .at(0, udp("192.0.2.1", 11_211, 1), FORWARD),
                        sentence("in monitor mode everything is forwarded, and would_drop counts by reason")
                                .policy(
                                        "mode: monitor",
                                        "sources: {blocked: [192.0.2.1/32]}",
                                        "reflection: {defaults: off, memcached: drop}",
                                        "limits: [{name: one, match: {lane: inbound}, track: source, rate: 1 packets/day}]")
                                .at(0, udp("192.0.2.1", 1, 1), FORWARD)
                                .at(0, udp("192.0.2.2", 11_211, 1), FORWARD)
                                .many(3, 0, udp("192.0.2.3", 1, 1), FORWARD)
                                .at(0, udp("192.0.2.2", 1, 1).lieUdpLength(3), FORWARD)
                                .wouldDrop("blocked-source", 1)
                                .wouldDrop("reflection:memcached", 1)
                                .wouldDrop("limit:one", 2)
                                .wouldDrop("malformed", 1))
                .map(Sentence::test);
    }
}
