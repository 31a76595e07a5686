package io.breakwater.appliance.policy;

import static io.breakwater.appliance.policy.Sentence.FORWARD;
import static io.breakwater.appliance.policy.Sentence.sentence;
import static io.breakwater.engine.frame.PacketBuilder.ethernet;

import io.breakwater.engine.frame.PacketBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Rates, bursts, windows, holds, keys, matches and tables of limits. */
class LimitSentencesTest {
    private static final String INSIDE = "203.0.113.5";
    private static final double DAY_S = 86_400;
    /** Keys that a table of 8 has room for. */
    private static final int FITS = 8;

    private static PacketBuilder from(String source) {
        return ethernet()
                .ip(source, source.contains(":") ? "2001:db8:100::5" : INSIDE)
                .udp(1000, 2000)
                .payload("x");
    }

    private static PacketBuilder a() {
        return from("192.0.2.1");
    }

    /** A frame of so many bytes, frame check sequence not counted. */
    private static PacketBuilder bytes(int length) {
        return ethernet().ip("192.0.2.1", INSIDE).udp(1000, 2000).payloadBytes(length - 42);
    }

    /** A policy of one limit, and no vectors. */
    private static Sentence limit(String text, String rule) {
        return sentence(text).policy("reflection: off", "limits:", "  - {name: l, " + rule + "}");
    }

    private static Sentence bySource(String text, String rule) {
        return limit(text, "track: source, " + rule);
    }

    @TestFactory
    Stream<DynamicTest> shouldCountTokens() {
        return Stream.of(
                        bySource("a bucket starts full; burst defaults to one second's worth", "rate: 20 packets/s")
                                .many(20, 0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .at(0.049, a(), "limit:l")
                                .at(0.05, a(), FORWARD)
                                .at(0.05, a(), "limit:l")
                                .many(20, 100, a(), FORWARD)
                                .at(100, a(), "limit:l"),
                        bySource("burst in packets", "rate: 20 packets/s, burst: 3 packets")
                                .many(3, 0, a(), FORWARD)
                                .at(0, a(), "limit:l"),
                        bySource("exact at 1/day", "rate: 1 packets/day")
                                .at(0, a(), FORWARD)
                                .at(DAY_S - 1e-9, a(), "limit:l")
                                .at(DAY_S, a(), FORWARD)
                                .at(2 * DAY_S - 1e-6, a(), "limit:l")
                                .at(2 * DAY_S, a(), FORWARD),
                        bySource("exact at 100 M/s", "rate: 100000000 packets/s, burst: 2 packets")
                                .many(2, 1, a(), FORWARD)
                                .at(1, a(), "limit:l")
                                .at(1.000000009, a(), "limit:l")
                                .at(1.00000001, a(), FORWARD)
                                .at(1.00000001, a(), "limit:l"),
                        bySource("packets/min", "rate: 60 packets/min")
                                .at(0, a(), FORWARD)
                                .at(0.9, a(), "limit:l")
                                .at(1.0, a(), FORWARD),
                        bySource("packets/h", "rate: 2 packets/h, burst: 1 packets")
                                .at(0, a(), FORWARD)
                                .at(1799, a(), "limit:l")
                                .at(1800, a(), FORWARD),
                        bySource("a bucket of bits always holds at least the port's largest frame", "rate: 1 kbit/s")
                                .at(0, bytes(65_000), FORWARD)
                                .at(0, bytes(535), FORWARD)
                                .at(0, bytes(60), "limit:l"),
                        bySource(
                                        "a frame's size is its layer-2 length without frame check sequence",
                                        "rate: 8 Mbit/s, burst: 100000 bytes")
                                .many(100, 0, bytes(1000), FORWARD)
                                .at(0, bytes(60), "limit:l")
                                .at(0.000059, bytes(60), "limit:l")
                                .at(0.00006, bytes(60), FORWARD),
                        bySource("burst in Mbit", "rate: 1 Mbit/s, burst: 8 Mbit")
                                .many(1000, 0, bytes(1000), FORWARD)
                                .at(0, bytes(60), "limit:l"),
                        bySource("a list gives both rates", "rate: [2 packets/s, 8 Mbit/s]")
                                .many(2, 0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .many(2, 1, bytes(1400), FORWARD)
                                .at(1, a(), "limit:l"),
                        bySource("a list of both rates: the bits may run out first", "rate: [5000 packets/s, 8 kbit/s]")
                                .many(65, 0, bytes(1000), FORWARD)
                                .at(0, bytes(1000), "limit:l")
                                .at(0, bytes(535), FORWARD)
                                .at(0, bytes(60), "limit:l"),
                        bySource("window acts from count + 1 on", "window: {count: 3, seconds: 10}")
                                .many(3, 0, a(), FORWARD)
                                .at(9, a(), "limit:l")
                                .at(10, a(), "limit:l")
                                .many(3, 10.1, a(), FORWARD)
                                .at(10.1, a(), "limit:l"),
                        sentence("a frame uses tokens of the limits before the one that drops it")
                                .policy(
                                        "reflection: off",
                                        "limits:",
                                        "  - {name: first, track: source, rate: 4 packets/day, burst: 4 packets}",
                                        "  - {name: second, track: source, rate: 2 packets/s, burst: 2 packets}")
                                .many(2, 0, a(), FORWARD)
                                .many(2, 0, a(), "limit:second")
                                .at(10, a(), "limit:first"))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldHold() {
        String rule = "rate: 1 packets/s, burst: 2 packets, hold: 10s";
        return Stream.of(
                        bySource("hold: once tripped, drop all from it this long", rule)
                                .many(2, 0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .at(5, a(), "limit:l")
                                .at(9.999, a(), "limit:l")
                                .at(10, a(), FORWARD),
                        bySource("a frame that finds a token during hold does not re-arm it", rule)
                                .many(2, 0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .at(2, a(), "limit:l")
                                .at(4, a(), "limit:l")
                                .at(10, a(), FORWARD),
                        bySource("a frame that finds none re-arms", rule)
                                .many(2, 0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .many(2, 5, a(), "limit:l")
                                .at(5, a(), "limit:l")
                                .at(14.9, a(), "limit:l")
                                .at(15, a(), FORWARD),
                        bySource("hold 0s drops only the excess", "rate: 1 packets/s, hold: 0s")
                                .at(0, a(), FORWARD)
                                .at(0.5, a(), "limit:l")
                                .at(1, a(), FORWARD),
                        bySource("then: alert counts only", "rate: 1 packets/s, then: alert")
                                .many(4, 0, a(), FORWARD)
                                .wouldDrop("limit:l", 3),
                        bySource("mode: monitor counts only", "rate: 1 packets/s, mode: monitor")
                                .many(4, 0, a(), FORWARD)
                                .wouldDrop("limit:l", 3))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldTrackKeys() {
        PacketBuilder toOther = ethernet().ip("192.0.2.1", "203.0.113.6").udp(1000, 2000);
        PacketBuilder otherPort = ethernet().ip("192.0.2.1", INSIDE).udp(1001, 2000);
        String one = ", rate: 1 packets/day";
        return Stream.of(
                        limit("track: source", "track: source" + one)
                                .at(0, a(), FORWARD)
                                .at(0, toOther, "limit:l")
                                .at(0, from("192.0.2.2"), FORWARD),
                        limit("track: source/24,/56", "track: \"source/24,/56\"" + one)
                                .at(0, a(), FORWARD)
                                .at(0, from("192.0.2.255"), "limit:l")
                                .at(0, from("192.0.3.1"), FORWARD)
                                .at(0, from("2001:db8:200:ff::1"), FORWARD)
                                .at(0, from("2001:db8:200:1::1"), "limit:l")
                                .at(0, from("2001:db8:200:100::1"), FORWARD),
                        limit("track: destination", "track: destination" + one)
                                .at(0, a(), FORWARD)
                                .at(0, from("192.0.2.2"), "limit:l")
                                .at(0, toOther, FORWARD),
                        limit("track: pair, source and destination, in that direction", "track: pair" + one)
                                .at(0, a(), FORWARD)
                                .at(0, otherPort, "limit:l")
                                .at(0, toOther, FORWARD)
                                .at(0, from("192.0.2.2"), FORWARD)
                                .at(0, ethernet().ip(INSIDE, "192.0.2.1").udp(1, 2), FORWARD),
                        limit("track: source-port", "track: source-port" + one)
                                .at(0, a(), FORWARD)
                                .at(0, from("192.0.2.2"), "limit:l")
                                .at(0, otherPort, FORWARD),
                        limit("track: destination+source-port", "track: destination+source-port" + one)
                                .at(0, a(), FORWARD)
                                .at(0, from("192.0.2.2"), "limit:l")
                                .at(0, otherPort, FORWARD)
                                .at(0, toOther, FORWARD),
                        limit("track: rule", "track: rule" + one)
                                .at(0, a(), FORWARD)
                                .at(0, from("2001:db8:200::1"), "limit:l"),
                        sentence("the lanes of a rule without lane have buckets of their own")
                                .policy(
                                        "protected: [203.0.113.0/24]",
                                        "reflection: off",
                                        "limits: [{name: l, track: rule, rate: 1 packets/day}]")
                                .at(0, a(), FORWARD)
                                .at(0, ethernet().ip(INSIDE, "192.0.2.1").udp(1, 2), FORWARD)
                                .at(0, a(), "limit:l"))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchFrames() {
        PacketBuilder tcp = ethernet().ip("192.0.2.1", INSIDE).tcp(1000, 2000);
        PacketBuilder icmp = ethernet().ip("192.0.2.1", INSIDE).protocol(1).payloadBytes(8);
        PacketBuilder icmp6 =
                ethernet().ip("2001:db8:200::1", "2001:db8:100::5").protocol(58).payloadBytes(8);
        PacketBuilder gre = ethernet().ip("192.0.2.1", INSIDE).protocol(47).payloadBytes(8);
        PacketBuilder first = ethernet()
                .ip("192.0.2.1", INSIDE)
                .udp(1000, 2000)
                .payloadBytes(8)
                .fragment(0, true, 5);
        PacketBuilder later = ethernet()
                .ip("192.0.2.1", INSIDE)
                .udp(1000, 2000)
                .payloadBytes(8)
                .fragment(8, false, 5);
        PacketBuilder dns = ethernet().ip("192.0.2.1", INSIDE).udp(53, 9);
        PacketBuilder dnsOverTcp = ethernet().ip("192.0.2.1", INSIDE).tcp(53, 9);
        PacketBuilder toOther = ethernet().ip("192.0.2.1", "203.0.113.6").udp(1000, 2000);
        return Stream.of(
                        matching("protocol: udp", List.of(a()), List.of(tcp, icmp)),
                        matching("protocol: tcp", List.of(tcp), List.of(a(), icmp)),
                        matching("protocol: icmp", List.of(icmp, icmp6), List.of(a(), tcp, gre)),
                        matching("protocol: any", List.of(gre, a(), tcp, icmp6), List.of()),
                        matching("protocol: 47", List.of(gre), List.of(a(), icmp)),
                        matching("source: [192.0.2.0/31]", List.of(a(), tcp), List.of(from("192.0.2.2"))),
                        matching("destination: [203.0.113.5/32]", List.of(a(), tcp), List.of(toOther)),
                        matching("source-ports: [1, 999-1000]", List.of(a(), tcp), List.of(dns, icmp)),
                        matching("destination-ports: [2000]", List.of(a(), tcp), List.of(dns, icmp)),
                        matching("vector: [dns]", List.of(dns), List.of(dnsOverTcp, a())),
                        matching("vector: any", List.of(dns), List.of(dnsOverTcp, a())),
                        matching("fragment: true", List.of(first, later), List.of(a())),
                        matching("fragment: false", List.of(a()), List.of(first, later)),
                        matching("size: 100-200", List.of(bytes(100), bytes(200)), List.of(bytes(99), bytes(201))),
                        matching("lane: inbound", List.of(a()), List.of()),
                        matching("lane: outbound", List.of(), List.of(a())))
                .map(Sentence::test);
    }

    /** One packet may pass; after it the frames that match are dropped and the others are not. */
    private static Sentence matching(String match, List<PacketBuilder> matches, List<PacketBuilder> others) {
        Sentence sentence = sentence("match: " + match)
                .policy(
                        "reflection: {defaults: off, dns: alert}",
                        "fragments: off",
                        "limits: [{name: l, match: {" + match + "}, track: rule, rate: 1 packets/day}]");
        if (!matches.isEmpty()) {
            sentence.at(0, matches.getFirst(), FORWARD);
        }
        matches.forEach(packet -> sentence.at(0, packet, "limit:l"));
        others.forEach(packet -> sentence.at(0, packet, FORWARD));
        return sentence;
    }

    @TestFactory
    Stream<DynamicTest> shouldHaveBuiltInLimits() {
        return Stream.of(
                        sentence("udp-per-source: inbound UDP, source/32,/64, 50,000 packets/s, burst 100,000")
                                .many(100_000, 0, a(), FORWARD)
                                .at(0, a(), "limit:udp-per-source")
                                .many(50_000, 1, a(), FORWARD)
                                .at(1, a(), "limit:udp-per-source")
                                .at(1, from("192.0.2.2"), FORWARD)
                                .at(1, ethernet().ip("192.0.2.1", INSIDE).tcp(1, 2), FORWARD),
                        sentence("udp-per-source: IPv6 by /64")
                                .many(100_000, 0, from("2001:db8:200::1"), FORWARD)
                                .at(0, from("2001:db8:200::2"), "limit:udp-per-source")
                                .at(0, from("2001:db8:200:1::1"), FORWARD),
                        sentence("reflected-per-victim: destination + source port, 5,000 packets/s, burst 10,000")
                                .many(10_000, 0, stun("192.0.2.1", INSIDE), FORWARD)
                                .at(0, stun("192.0.2.2", INSIDE), "limit:reflected-per-victim")
                                .at(0, stun("192.0.2.2", "203.0.113.6"), FORWARD)
                                .at(0, ethernet().ip("192.0.2.1", INSIDE).udp(1194, 9), FORWARD)
                                .many(5_000, 1, stun("192.0.2.2", INSIDE), FORWARD)
                                .at(1, stun("192.0.2.2", INSIDE), "limit:reflected-per-victim"),
                        sentence("limits: [] switches them off")
                                .policy("limits: []")
                                .many(120_000, 0, stun("192.0.2.1", INSIDE), FORWARD),
                        sentence("they act on the inbound lane only")
                                .policy("protected: [203.0.113.0/24]")
                                .many(110_000, 0, stun(INSIDE, "192.0.2.1"), FORWARD))
                .map(Sentence::test);
    }

    private static PacketBuilder stun(String source, String destination) {
        return ethernet().ip(source, destination).udp(3478, 9).payload("x");
    }

    @TestFactory
    Stream<DynamicTest> shouldKeepTables() {
        return Stream.of(
                        crowded("when-full: drop drops the frames of keys without room", "drop", "limit:l"),
                        crowded("when-full: pass does not limit them", "pass", FORWARD),
                        crowded("when-full: evict limits them or lets them pass", "evict", FORWARD),
                        bySource(
                                        "an idle key is forgotten",
                                        "rate: 1 packets/s, table: {max: 1, idle: 1s, when-full: drop}")
                                .many(1, 0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .at(5, from("192.0.2.2"), FORWARD),
                        bySource(
                                        "expiry never refills a bucket",
                                        "rate: 1 packets/h, table: {max: 100, idle: 1s, when-full: evict}")
                                .at(0, a(), FORWARD)
                                .at(30, from("192.0.2.2"), FORWARD)
                                .at(60, a(), "limit:l"),
                        bySource(
                                        "expiry never ends a hold",
                                        "rate: 1 packets/s, hold: 100s, table: {max: 100, idle: 1s}")
                                .at(0, a(), FORWARD)
                                .at(0, a(), "limit:l")
                                .at(30, from("192.0.2.2"), FORWARD)
                                .at(60, a(), "limit:l"))
                .map(Sentence::test);
    }

    /** A table of one key (max may round up), filled with light keys, and then one more. */
    private static Sentence crowded(String text, String whenFull, String expected) {
        Sentence sentence = bySource(
                text, "rate: 10 packets/h, burst: 2 packets, table: {max: 8, idle: 1h, when-full: " + whenFull + "}");
        for (int i = 0; i < 8; i++) {
            sentence.at(0, from("192.0.2." + i), FORWARD);
        }
        for (int i = 8; i < 30; i++) {
            sentence.at(0, from("192.0.2." + i), i < FITS ? FORWARD : expected);
        }
        return sentence;
    }
}
