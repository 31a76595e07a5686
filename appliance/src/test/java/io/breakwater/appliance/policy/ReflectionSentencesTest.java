package io.breakwater.appliance.policy;

import static io.breakwater.appliance.policy.Sentence.FORWARD;
import static io.breakwater.appliance.policy.Sentence.sentence;
import static io.breakwater.engine.frame.PacketBuilder.ethernet;

import io.breakwater.engine.frame.PacketBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Vectors, signatures, vectors' limits and solicited answers. */
class ReflectionSentencesTest {
    private static final String INSIDE = "203.0.113.5";
    private static final String OUTSIDE = "192.0.2.1";
    private static final String PROTECTED = "protected: [203.0.113.0/24]";
    private static final String SSDP_ANSWER = "HTTP/1.1 200 OK\r\n";
    private static final String NO_LIMITS = "limits: []";

    private static PacketBuilder in(int sourcePort, int destinationPort, String payload) {
        return ethernet().ip(OUTSIDE, INSIDE).udp(sourcePort, destinationPort).payload(payload);
    }

    private static PacketBuilder out(int sourcePort, int destinationPort, String payload) {
        return ethernet().ip(INSIDE, OUTSIDE).udp(sourcePort, destinationPort).payload(payload);
    }

    /** A DNS header with this id; {@code flags} 0x80 is an answer. */
    private static String dns(int id, int flags) {
        return new String(new char[] {(char) (id >> 8), (char) (id & 0xff), (char) flags, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    private static String ntp(int mode) {
        return (char) (4 << 3 | mode) + "\0".repeat(47);
    }

    /** An answer of mode 7 (monlist): response bit set. */
    private static String monlist() {
        return new String(new char[] {0x97, 0, 3, 42}) + "\0".repeat(8);
    }

    @TestFactory
    Stream<DynamicTest> shouldRecogniseVectors() {
        return Stream.of(
                        sentence("without a section the built-in vectors hold")
                                .at(0, in(11_211, 9, "x"), "reflection:memcached")
                                .at(0, in(19, 9, "x"), "reflection:chargen")
                                .at(0, in(9, 11_211, "x"), FORWARD)
                                .at(0, ethernet().ip(OUTSIDE, INSIDE).tcp(11_211, 9), FORWARD),
                        sentence("reflection: off switches the section off")
                                .policy("reflection: off")
                                .at(0, in(11_211, 9, "x"), FORWARD),
                        sentence("a vector that is off is not looked at")
                                .policy("reflection: {chargen: off}")
                                .at(0, in(19, 9, "x"), FORWARD)
                                .at(0, in(17, 9, "x"), "reflection:qotd"),
                        sentence("dns: off switches off one vector")
                                .policy(PROTECTED, "reflection: {dns: off}")
                                .at(0, in(53, 9, dns(1, 0x80)), FORWARD)
                                .at(0, in(123, 9, ntp(4)), "unsolicited:ntp"),
                        sentence("defaults: off leaves only the vectors named there")
                                .policy("reflection: {defaults: off, chargen: drop}")
                                .at(0, in(11_211, 9, "x"), FORWARD)
                                .at(0, in(19, 9, "x"), "reflection:chargen"),
                        sentence("vectors at ports from 1024 up default to both: port and signature")
                                .policy("reflection: {}")
                                .at(0, in(1900, 9, SSDP_ANSWER), "reflection:ssdp")
                                .at(0, in(1900, 9, "a game"), FORWARD)
                                .at(0, in(1901, 9, SSDP_ANSWER), FORWARD),
                        sentence("memcached excepted: by port")
                                .policy("reflection: {}")
                                .at(0, in(11_211, 9, "a game"), "reflection:memcached"),
                        sentence("match: signature recognises answers from any port")
                                .policy("reflection: {ssdp: {action: drop, match: signature}}")
                                .at(0, in(45_678, 9, SSDP_ANSWER), "reflection:ssdp")
                                .at(0, in(1900, 9, SSDP_ANSWER), "reflection:ssdp")
                                .at(0, in(1900, 9, "a game"), FORWARD),
                        sentence("match: port recognises any content")
                                .policy("reflection: {ssdp: {action: drop, match: port}}")
                                .at(0, in(1900, 9, "a game"), "reflection:ssdp"),
                        sentence("a first fragment has ports and is judged by them")
                                .at(0, in(11_211, 9, "x").fragment(0, true, 1), "reflection:memcached"),
                        sentence("an own vector matches by port, and replaces the built-in one of its port")
                                .policy("reflection: {mine: {port: 11211, action: alert}}", NO_LIMITS)
                                .at(0, in(11_211, 9, "x"), FORWARD)
                                .wouldDrop("reflection:mine", 1),
                        sentence("an own vector on a named built-in vector's port drops by its own name")
                                .policy("reflection: {mine: {port: 19, action: drop}}")
                                .at(0, in(19, 9, "x"), "reflection:mine"),
                        sentence("a vector in monitor mode counts, settles nothing, and the next classifier looks")
                                .policy(
                                        "reflection: {defaults: off, chargen: {action: drop, mode: monitor}}",
                                        "limits: [{name: one, match: {lane: inbound}, track: rule, rate: 1 packets/day}]")
                                .at(0, in(19, 9, "x"), FORWARD)
                                .at(0, in(19, 9, "x"), "limit:one")
                                .wouldDrop("reflection:chargen", 2))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldLimitVectors() {
        PacketBuilder other = ethernet().ip(OUTSIDE, "203.0.113.6").udp(30_120, 9);
        return Stream.of(
                        sentence("a vector's own limit drops as limit:<vector>, per destination")
                                .policy(
                                        "reflection: {defaults: off, game: {port: 30120, action: {limit: 500 packets/s"
                                                + " per destination}}}",
                                        NO_LIMITS)
                                .many(500, 0, in(30_120, 9, "x"), FORWARD)
                                .many(3, 0, in(30_120, 9, "x"), "limit:game")
                                .at(0, other, FORWARD)
                                .at(0.002, in(30_120, 9, "x"), FORWARD)
                                .at(0.002, in(30_120, 9, "x"), "limit:game"),
                        sentence("two vectors with equal limits do not share a bucket")
                                .policy(
                                        "reflection: {defaults: off, one: {port: 1, limit: 1 packets/s per destination},"
                                                + " two: {port: 2, limit: 1 packets/s per destination}}")
                                .at(0, in(1, 9, "x"), FORWARD)
                                .at(0, in(1, 9, "x"), "limit:one")
                                .at(0, in(2, 9, "x"), FORWARD)
                                .at(0, in(2, 9, "x"), "limit:two"),
                        sentence("built-in limit vectors have 1,000 packets/s per destination")
                                .policy(NO_LIMITS)
                                .many(1000, 0, in(10_001, 9, "x"), FORWARD)
                                .at(0, in(10_001, 9, "x"), "limit:ubiquiti"),
                        sentence("a vector's limit in monitor mode counts only")
                                .policy("reflection: {defaults: off, game: {port: 30120, mode: monitor, limit: 1"
                                        + " packets/s per destination}}")
                                .many(3, 0, in(30_120, 9, "x"), FORWARD)
                                .wouldDrop("limit:game", 2))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldForwardOnlySolicitedAnswers() {
        return Stream.of(
                        sentence("without protected, solicited vectors are not enforced")
                                .policy(NO_LIMITS)
                                .at(0, in(53, 9, dns(1, 0x80)), FORWARD),
                        sentence(
                                        "NTP modes 6 and 7 answers are reflection:ntp, solicited or not, also without protected")
                                .policy(NO_LIMITS)
                                .at(0, out(123, 123, ntp(3)), FORWARD)
                                .at(0, in(123, 123, monlist()), "reflection:ntp")
                                .at(0, in(123, 123, ntp(4)), FORWARD),
                        sentence("DNS: each question lets one answer through within 10 s")
                                .policy(PROTECTED)
                                .at(0, in(53, 5000, dns(7, 0x80)), "unsolicited:dns")
                                .at(1, out(5000, 53, dns(7, 0)), FORWARD)
                                .at(1, in(53, 5001, dns(7, 0x80)), "unsolicited:dns")
                                .at(1, in(53, 5000, dns(8, 0x80)), "unsolicited:dns")
                                .at(2, in(53, 5000, dns(7, 0x80)), FORWARD)
                                .at(2, in(53, 5000, dns(7, 0x80)), "unsolicited:dns")
                                .at(3, out(5000, 53, dns(9, 0)), FORWARD)
                                .at(13.1, in(53, 5000, dns(9, 0x80)), "unsolicited:dns"),
                        sentence("what is clearly a request goes on to the limits: DNS QR=0, NTP modes 1 and 3")
                                .policy(PROTECTED)
                                .at(0, in(53, 53, dns(7, 0)), FORWARD)
                                .at(0, in(123, 123, ntp(3)), FORWARD)
                                .at(0, in(123, 123, ntp(1)), FORWARD)
                                .at(0, in(123, 123, ntp(4)), "unsolicited:ntp")
                                .at(0, in(123, 123, ntp(2)), "unsolicited:ntp"),
                        sentence("others: answers on the reversed addresses and ports within 60 s of the last request")
                                .policy(PROTECTED)
                                .at(0, out(123, 123, ntp(3)), FORWARD)
                                .many(2, 59, in(123, 123, ntp(4)), FORWARD)
                                .at(60.1, in(123, 123, ntp(4)), "unsolicited:ntp"),
                        sentence("long-lived protocols: every forwarded frame either way renews the entry, 10 min")
                                .policy(PROTECTED)
                                .at(0, in(1194, 9000, "\60data"), "unsolicited:openvpn")
                                .at(1, out(9000, 1194, "\60data"), FORWARD)
                                .at(500, in(1194, 9000, "\60data"), FORWARD)
                                .at(1000, in(1194, 9000, "\60data"), FORWARD)
                                .at(1601, in(1194, 9000, "\60data"), "unsolicited:openvpn"),
                        sentence("only outbound frames open an entry")
                                .policy(PROTECTED)
                                .at(0, in(53, 5000, dns(7, 0)), FORWARD)
                                .at(0, in(53, 5000, dns(7, 0x80)), "unsolicited:dns"),
                        sentence("a match settles nothing: limits follow")
                                .policy(
                                        PROTECTED,
                                        "limits: [{name: one, match: {lane: inbound}, track: rule, rate: 1 packets/day}]")
                                .at(0, out(123, 123, ntp(3)), FORWARD)
                                .at(0, in(123, 123, ntp(4)), FORWARD)
                                .at(0, in(123, 123, ntp(4)), "limit:one"),
                        sentence("reflected-per-victim ignores what a solicited entry matched")
                                .policy(PROTECTED)
                                .at(0, out(123, 123, ntp(3)), FORWARD)
                                .many(12_000, 0, in(123, 123, ntp(4)), FORWARD)
                                .many(10_000, 0, in(123, 5000, ntp(3)), FORWARD)
                                .at(0, in(123, 5000, ntp(3)), "limit:reflected-per-victim"),
                        sentence("a question that is dropped opens nothing")
                                .policy(PROTECTED, "sources: {blocked: [203.0.113.5/32]}")
                                .at(0, out(5000, 53, dns(7, 0)), "blocked-source")
                                .at(0, in(53, 5000, dns(7, 0x80)), "unsolicited:dns"),
                        sentence("in monitor mode questions open entries and unsolicited answers are counted")
                                .policy(PROTECTED, "mode: monitor")
                                .at(0, out(5000, 53, dns(7, 0)), FORWARD)
                                .at(0, in(53, 5000, dns(7, 0x80)), FORWARD)
                                .at(0, in(53, 5000, dns(7, 0x80)), FORWARD)
                                .wouldDrop("unsolicited:dns", 1))
                .map(Sentence::test);
    }
}
