package io.breakwater.appliance.policy;

import static io.breakwater.appliance.policy.Sentence.FORWARD;
import static io.breakwater.appliance.policy.Sentence.sentence;
import static io.breakwater.engine.frame.PacketBuilder.ethernet;

import io.breakwater.engine.frame.PacketBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Fragments: inherited verdicts and the budget of those whose first one was not seen. */
class FragmentSentencesTest {
    private static final String SOURCE = "192.0.2.1";
    private static final String INSIDE = "203.0.113.5";
    private static final String NO_LIMITS = "limits: []";

    private static PacketBuilder first(int sourcePort, int id) {
        return ethernet()
                .ip(SOURCE, INSIDE)
                .udp(sourcePort, 9)
                .payloadBytes(1472)
                .lieUdpLength(4008)
                .fragment(0, true, id);
    }

    private static PacketBuilder later(int id) {
        return laterOf(SOURCE, INSIDE, id);
    }

    private static PacketBuilder laterOf(String source, String destination, int id) {
        return ethernet().ip(source, destination).udp(1, 9).payloadBytes(1000).fragment(1480, false, id);
    }

    @TestFactory
    Stream<DynamicTest> shouldInheritVerdicts() {
        return Stream.of(
                        sentence("later fragments of a dropped first fragment are dropped with its reason")
                                .at(0, first(11_211, 7), "reflection:memcached")
                                .at(0, later(7), "reflection:memcached")
                                .at(0, later(8), FORWARD),
                        sentence("by (source, destination, protocol, id)")
                                .at(0, first(11_211, 7), "reflection:memcached")
                                .at(0, laterOf("192.0.2.2", INSIDE, 7), FORWARD)
                                .at(0, laterOf(SOURCE, "203.0.113.6", 7), FORWARD)
                                .at(
                                        0,
                                        ethernet()
                                                .ip(SOURCE, INSIDE)
                                                .protocol(6)
                                                .payloadBytes(99)
                                                .fragment(1480, false, 7),
                                        FORWARD)
                                .at(0, later(7), "reflection:memcached"),
                        sentence("for 30 s")
                                .at(0, first(11_211, 7), "reflection:memcached")
                                .at(29.9, later(7), "reflection:memcached")
                                .at(30.1, later(7), FORWARD),
                        sentence("those of a forwarded one go on to the limits only")
                                .policy(
                                        "reflection: off",
                                        "fragments: {policy: inherit, unknown: 1 packets/day per destination}",
                                        "limits: [{name: l, track: rule, rate: 4 packets/day, burst: 4 packets}]")
                                .at(0, first(1, 7), FORWARD)
                                .many(3, 0, later(7), FORWARD)
                                .at(0, later(7), "limit:l"),
                        sentence("a first fragment that a limit drops passes its reason on")
                                .policy(
                                        "reflection: off",
                                        "limits: [{name: l, match: {fragment: true, source-ports: [5]}, track: rule, rate: 1"
                                                + " packets/day}]")
                                .at(0, first(5, 6), FORWARD)
                                .at(0, first(5, 7), "limit:l")
                                .at(0, later(6), FORWARD)
                                .at(0, later(7), "limit:l"),
                        sentence("a first fragment that a vector's limit drops passes its reason on")
                                .policy(
                                        "reflection: {defaults: off, g: {port: 5, limit: 1 packets/s per destination}}",
                                        NO_LIMITS)
                                .at(0, first(5, 6), FORWARD)
                                .at(0, first(5, 7), "limit:g")
                                .at(0, later(7), "limit:g"),
                        sentence("a first fragment that the service guard drops passes its reason on")
                                .policy("services: {s: {port: 9, protocols: [udp], allow: []}}")
                                .at(0, first(5, 6), "service:s")
                                .at(0, later(6), "service:s"),
                        sentence("fragments of a blocked source are dropped as such, whichever comes")
                                .policy("sources: {blocked: [192.0.2.1/32]}")
                                .at(0, later(7), "blocked-source")
                                .at(0, first(5, 7), "blocked-source")
                                .at(0, later(7), "blocked-source"),
                        sentence("later fragments of a malformed first fragment are malformed")
                                .at(0, first(5, 7).lieUdpLength(7), "malformed")
                                .at(0, later(7), "malformed"),
                        sentence("IPv6 fragment headers alike")
                                .at(
                                        0,
                                        ethernet()
                                                .ip("2001:db8::1", "2001:db8:100::5")
                                                .udp(11_211, 9)
                                                .payloadBytes(1440)
                                                .lieUdpLength(4000)
                                                .fragment(0, true, 7),
                                        "reflection:memcached")
                                .at(0, laterOf("2001:db8::1", "2001:db8:100::5", 7), "reflection:memcached")
                                .at(0, laterOf("2001:db8::1", "2001:db8:100::5", 8), FORWARD),
                        sentence("in monitor mode later fragments would be dropped like their first one")
                                .policy("mode: monitor", NO_LIMITS)
                                .at(0, first(11_211, 7), FORWARD)
                                .at(0, later(7), FORWARD)
                                .wouldDrop("reflection:memcached", 2),
                        sentence("a vector in monitor mode drops neither the first fragment nor later ones")
                                .policy("reflection: {memcached: {action: drop, mode: monitor}}")
                                .at(0, first(11_211, 7), FORWARD)
                                .at(0, later(7), FORWARD)
                                .wouldDrop("reflection:memcached", 1))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldLimitUnknownFragments() {
        return Stream.of(
                        sentence("fragments.unknown has 1,000 packets/s per destination")
                                .policy(NO_LIMITS)
                                .many(1000, 0, later(7), FORWARD)
                                .at(0, later(7), "fragment")
                                .at(0, laterOf("192.0.2.2", INSIDE, 9), "fragment")
                                .at(0, laterOf(SOURCE, "203.0.113.6", 7), FORWARD),
                        sentence("fragments: {unknown} of its own rate")
                                .policy("fragments: {policy: inherit, unknown: 2 packets/s per destination}")
                                .many(2, 0, later(7), FORWARD)
                                .at(0, later(7), "fragment")
                                .at(0.5, later(7), FORWARD),
                        sentence("fragments: off switches the section off")
                                .policy("fragments: off", NO_LIMITS)
                                .at(0, first(11_211, 7), "reflection:memcached")
                                .many(1200, 0, later(7), FORWARD),
                        sentence("one whose first comes after it takes from the budget of unknown ones")
                                .policy("fragments: {unknown: 1 packets/s per destination}", NO_LIMITS)
                                .at(0, later(7), FORWARD)
                                .at(0, later(7), "fragment")
                                .at(0, first(5, 7), FORWARD)
                                .many(5, 0, later(7), FORWARD),
                        sentence("outbound fragments have a budget of their own")
                                .policy(
                                        "protected: [203.0.113.0/24]",
                                        "fragments: {unknown: 1 packets/s per destination}",
                                        NO_LIMITS)
                                .at(0, laterOf(INSIDE, SOURCE, 7), FORWARD)
                                .at(0, laterOf(INSIDE, SOURCE, 7), "fragment"))
                .map(Sentence::test);
    }
}
