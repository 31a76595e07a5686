package io.breakwater.engine.reflection;

import static io.breakwater.engine.reflection.Inside.fromInside;
import static io.breakwater.engine.reflection.Inside.fromOutside;
import static io.breakwater.engine.reflection.Payloads.bytes;
import static io.breakwater.engine.reflection.Payloads.udpCaptured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.Vector.Action;
import io.breakwater.engine.policy.Vector.Match;
import io.breakwater.engine.policy.VectorTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReflectionFilterTest {
    private final Inside builtIn = Inside.with(VectorTable.builtIn());

    private static Vector vector(String name, int port, Match match, @Nullable String signature, Action action) {
        Bucket limit = action == Action.LIMIT ? new Bucket(Rate.packetsPerSecond(10), 2) : null;
        return new Vector(name, port, match, signature, action, limit, RuleMode.ENFORCE);
    }

    private static Vector monitored(Vector vector) {
        return new Vector(
                vector.name(),
                vector.port(),
                vector.match(),
                vector.signature(),
                vector.action(),
                vector.limit(),
                RuleMode.MONITOR);
    }

    private static List<Vector> monitoredBuiltIn() {
        return VectorTable.builtIn().stream()
                .map(ReflectionFilterTest::monitored)
                .toList();
    }

    /** What the built-in table does with an answer that no one asked for, and with other payload from the same port. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "11211, 0000000000010000 'VALUE ', reflection:memcached, reflection:memcached",
                "123, 24 00, unsolicited:ntp, unsolicited:ntp",
                "123, d7 00 03 2a, reflection:ntp, unsolicited:ntp",
                "123, 16 82, reflection:ntp, unsolicited:ntp",
                "53, 0007 8180 0001 0000 0000 0000, unsolicited:dns, -",
                "389, 30 0c 02 01 07 64, reflection:cldap, reflection:cldap",
                "1900, 'HTTP/1.1 200 OK', reflection:ssdp, -",
                "19, 'abcdefghijklmnopqrstuvwxyz', reflection:chargen, reflection:chargen",
                "17, 'abcdefghijklmnopqrstuvwxyz', reflection:qotd, reflection:qotd",
                "161, 300202, unsolicited:snmp, unsolicited:snmp",
                "137, 00, reflection:netbios, reflection:netbios",
                "111, 00, reflection:portmap, reflection:portmap",
                "520, 00, reflection:rip, reflection:rip",
                "69, 00, reflection:tftp, reflection:tftp",
                "5353, 0000 8400 0000 0001 0000 0000, reflection:mdns, -",
                "27960, ffffffff, -, -",
                "3702, '<?xml ', reflection:ws-discovery, -",
                "427, 00, reflection:slp, reflection:slp",
                "37810, 20000000 'DHIP', reflection:dhdiscover, -",
                "47808, 810a0011, reflection:bacnet, -",
                "5683, 64451234, unsolicited:coap, -",
                "500, c0ffee, unsolicited:ike, unsolicited:ike",
                "4500, c0ffee0100000001, unsolicited:ike-nat-t, unsolicited:ike-nat-t",
                "1194, 40, unsolicited:openvpn, unsolicited:openvpn",
                "1701, 0002, unsolicited:l2tp, unsolicited:l2tp",
                "3389, 0000, unsolicited:rdp, unsolicited:rdp",
                "5060, 'SIP/2.0 200 OK', unsolicited:sip, -",
                "1434, 050000, reflection:mssql, -",
                "623, 00, reflection:ipmi, reflection:ipmi",
                "32414, 'HTTP/1.1 ', reflection:plex, -",
                "33848, '<hudson>', reflection:jenkins, -",
                "3478, 0101, unsolicited:stun, unsolicited:stun",
                "30120, ffffffff, -, -",
                "443, c0ffee, -, -"
            })
    void shouldJudgeUnaskedAnswersByTheBuiltInTable(int port, String answer, String verdict, String otherPayload) {
        byte[] other = port == 53 ? Payloads.dns(1, false) : bytes("00" + "00".repeat(30));

        assertThat(builtIn.in(fromOutside(port, 40_000, bytes(answer)))).isEqualTo(verdict);
        assertThat(builtIn.in(fromOutside(port, 40_000, other))).isEqualTo(otherPayload);
    }

    @Test
    void shouldJudgeBehindTagsExtensionsOptionsAndInFirstFragments() {
        byte[] answer = bytes("0000000000010000 'VALUE '");
        PacketBuilder tagged = PacketBuilder.ethernet().tag(0x88a8, 10).vlan(5).ipv4("198.18.0.1", "203.0.113.5");
        PacketBuilder options =
                PacketBuilder.ethernet().ipv4("198.18.0.1", "203.0.113.5").options(8);
        PacketBuilder extended =
                PacketBuilder.ethernet().ipv6("2001:db8::1", "2001:db8:100::5").extension(60, 8);
        PacketBuilder fragment =
                PacketBuilder.ethernet().ipv4("198.18.0.1", "203.0.113.5").fragment(0, true, 9);
        PacketBuilder fragment6 =
                PacketBuilder.ethernet().ipv6("2001:db8::1", "2001:db8:100::5").fragment(0, true, 9);
        for (PacketBuilder builder : List.of(tagged, options, extended, fragment, fragment6)) {
            assertThat(builtIn.in(builder.udp(11_211, 40_000).payload(answer).decoded()))
                    .isEqualTo("reflection:memcached");
        }
    }

    @Test
    void shouldLeaveWhatIsNotUdpOrHasNoPorts() {
        PacketBuilder tcp =
                PacketBuilder.ethernet().ipv4("198.18.0.1", "203.0.113.5").tcp(11_211, 40_000);
        PacketBuilder later = PacketBuilder.ethernet()
                .ipv4("198.18.0.1", "203.0.113.5")
                .fragment(1_480, true, 9)
                .udp(11_211, 40_000)
                .payload("VALUE VALUE VALUE");
        PacketBuilder icmp = PacketBuilder.ethernet()
                .ipv4("198.18.0.1", "203.0.113.5")
                .protocol(1)
                .payloadBytes(64);

        assertThat(builtIn.in(tcp.decoded())).isEqualTo("-");
        assertThat(builtIn.in(later.decoded())).isEqualTo("-");
        assertThat(builtIn.in(icmp.decoded())).isEqualTo("-");
        assertThat(builtIn.in(fromOutside(40_000, 11_211))).isEqualTo("-");
    }

    @Test
    void shouldDropByPortWhatWasCapturedToThePortsOnly() {
        assertThat(builtIn.in(udpCaptured(11_211, bytes("00".repeat(20)), -4))).isEqualTo("reflection:memcached");
    }

    @ParameterizedTest
    @CsvSource({
        "53,2", "123,0", "161,5", "500,19", "4500,3", "1194,0", "1701,19", "3389,7", "3478,7", "1900,7", "5060,6"
    })
    void shouldNotSettleWhatWasNotCaptured(int port, int captured) {
        byte[] payload = bytes("30 1a 02 01 01 04 06 'public' a2 0d 02 01 01 02 01 00 02 01 00 30 02 30 00");
        byte[] answer = port == 1900 ? bytes("'HTTP/1.1 200 OK'") : port == 5060 ? bytes("'SIP/2.0 200 OK'") : payload;

        assertThat(builtIn.in(udpCaptured(port, answer, captured))).isEqualTo("-");
    }

    @Test
    void shouldLimitPerDestinationUnderTheVectorsName() {
        Inside inside = Inside.with(List.of(
                vector("quake", 27_960, Match.BOTH, "quake", Action.LIMIT),
                vector("my-game", 27_015, Match.PORT, null, Action.LIMIT)));

        assertThat(inside.in(fromOutside(27_960, 1, bytes("ffffffff")))).isEqualTo("-");
        assertThat(inside.in(fromOutside(27_960, 1, bytes("ffffffff")))).isEqualTo("-");
        assertThat(inside.in(fromOutside(27_960, 1, bytes("ffffffff")))).isEqualTo("limit:quake");
        assertThat(inside.in(fromOutside(27_960, 1, bytes("00000000")))).isEqualTo("-");
        assertThat(inside.in(fromOutside(27_015, 1, bytes("00")))).isEqualTo("-");
    }

    @Test
    void shouldOnlyCountInAlertAndMonitor() {
        List<Vector> vectors = new ArrayList<>(monitoredBuiltIn());
        vectors.add(vector("odd", 7_777, Match.PORT, null, Action.ALERT));
        vectors.add(monitored(vector("even", 8_888, Match.PORT, null, Action.LIMIT)));
        Inside inside = Inside.with(vectors);

        assertThat(inside.in(fromOutside(7_777, 1))).isEqualTo("-");
        assertThat(inside.in(fromOutside(11_211, 1))).isEqualTo("-");
        assertThat(inside.in(fromOutside(53, 1, Payloads.dns(1, true)))).isEqualTo("-");
        assertThat(inside.in(fromOutside(123, 1, bytes("d700032a")))).isEqualTo("-");
        for (int i = 0; i < 3; i++) {
            assertThat(inside.in(fromOutside(8_888, 1))).isEqualTo("-");
        }
        assertThat(inside.wouldDrop)
                .containsOnly(
                        java.util.Map.entry("reflection:odd", 1),
                        java.util.Map.entry("reflection:memcached", 1),
                        java.util.Map.entry("unsolicited:dns", 1),
                        java.util.Map.entry("reflection:ntp", 1),
                        java.util.Map.entry("limit:even", 1));
    }

    @Test
    void shouldFindSignaturesAtAnyPortWhenAskedTo() {
        Inside inside = Inside.with(List.of(vector("ssdp", 1_900, Match.SIGNATURE, "ssdp", Action.DROP)));

        assertThat(inside.in(fromOutside(40_123, 1, bytes("'HTTP/1.1 200 OK'"))))
                .isEqualTo("reflection:ssdp");
        assertThat(inside.in(fromOutside(1_900, 1, bytes("'HTTP/1.1 200 OK'")))).isEqualTo("reflection:ssdp");
        assertThat(inside.in(fromOutside(1_900, 1, bytes("'M-SEARCH *'")))).isEqualTo("-");
    }

    @Test
    void shouldDropBeforeItLooksForQuestionsAndLimitAfterwards() {
        Inside inside = Inside.with(List.of(
                vector("dns", 53, Match.PORT, "dns", Action.SOLICITED),
                vector("quake", 27_960, Match.SIGNATURE, "quake", Action.LIMIT),
                vector("memcached", 11_211, Match.SIGNATURE, "memcached", Action.DROP)));
        byte[] both = bytes("8000 0001 ffff 0000 00000000");
        inside.out(fromInside(40_000, 53, Payloads.dns(0x8000, false)));

        assertThat(inside.in(fromOutside(53, 40_000, both))).isEqualTo("reflection:memcached");
        assertThat(inside.in(fromOutside(53, 40_000, Payloads.dns(1, true)))).isEqualTo("unsolicited:dns");
        assertThat(inside.in(fromOutside(53, 40_000, Payloads.dns(0x8000, true))))
                .isEqualTo("-");
        assertThat(inside.in(fromOutside(4_242, 1, bytes("ffffffff")))).isEqualTo("-");
        assertThat(inside.in(fromOutside(4_242, 1, bytes("ffffffff")))).isEqualTo("-");
        assertThat(inside.in(fromOutside(4_242, 1, bytes("ffffffff")))).isEqualTo("limit:quake");
    }

    @Test
    void shouldJudgeSolicitedSignaturesAtAnyPortByQuestionsToThatPort() {
        Inside inside = Inside.with(List.of(vector("coap", 5_683, Match.SIGNATURE, "coap", Action.SOLICITED)));
        inside.out(fromInside(40_000, 6_000, Payloads.coap(1)));

        assertThat(inside.in(fromOutside(6_000, 40_000, Payloads.coap(0x45)))).isEqualTo("-");
        assertThat(inside.in(fromOutside(6_001, 40_000, Payloads.coap(0x45)))).isEqualTo("unsolicited:coap");
        assertThat(inside.in(fromOutside(6_001, 40_000, bytes("c0ffee")))).isEqualTo("-");
    }

    @Test
    void shouldNotEnforceQuestionsWithoutProtectedButStillDropNtpModesSixAndSeven() {
        Inside inside = new Inside(VectorTable.builtIn(), false, false, 0);

        assertThat(inside.in(fromOutside(53, 1, Payloads.dns(1, true)))).isEqualTo("-");
        assertThat(inside.in(fromOutside(123, 1, Payloads.ntp(4)))).isEqualTo("-");
        assertThat(inside.in(fromOutside(123, 1, bytes("d700032a")))).isEqualTo("reflection:ntp");
        assertThat(inside.in(fromOutside(123, 1, bytes("16820001")))).isEqualTo("reflection:ntp");
        assertThat(inside.in(fromOutside(11_211, 1))).isEqualTo("reflection:memcached");
    }

    @Test
    void shouldDropNtpModesSixAndSevenEvenWhenAsked() {
        builtIn.out(fromInside(123, 123, Payloads.ntp(3)));

        assertThat(builtIn.in(fromOutside(123, 123, Payloads.ntp(4)))).isEqualTo("-");
        assertThat(builtIn.in(fromOutside(123, 123, bytes("d700032a")))).isEqualTo("reflection:ntp");
        assertThat(builtIn.in(fromOutside(123, 123, bytes("97000000")))).isEqualTo("reflection:ntp");
    }

    @Test
    void shouldNotEnforceForAMinuteAfterALiveStart() {
        Inside inside = new Inside(VectorTable.builtIn(), true, false, SolicitedTable.LIVE_GRACE_NS);
        inside.nowNs = 77 * Inside.SECOND_NS;

        assertThat(inside.in(fromOutside(4_500, 4_500, bytes("c0ffee0100000001"))))
                .isEqualTo("-");
        inside.after(60);
        assertThat(inside.in(fromOutside(4_500, 4_500, bytes("c0ffee0100000001"))))
                .isEqualTo("unsolicited:ike-nat-t");
    }

    @Test
    void shouldMarkOnlySolicitedAnswers() {
        builtIn.out(fromInside(40_000, 53, Payloads.dns(7, false)));
        var answer = fromOutside(53, 40_000, Payloads.dns(7, true));
        var request = fromOutside(53, 40_000, Payloads.dns(7, false));

        assertThat(builtIn.in(request)).isEqualTo("-");
        assertThat(request.solicited()).isFalse();
        assertThat(builtIn.in(answer)).isEqualTo("-");
        assertThat(answer.solicited()).isTrue();
        assertThat(builtIn.in(answer)).isEqualTo("unsolicited:dns");
    }

    @Test
    void shouldAdmitAFirstFragmentThatAnswers() {
        builtIn.out(fromInside(40_000, 53, Payloads.dns(7, false)));
        PacketBuilder first = PacketBuilder.ethernet()
                .ipv4(Payloads.OUTSIDE, Payloads.INSIDE)
                .fragment(0, true, 99)
                .udp(53, 40_000)
                .lieUdpLength(3_000)
                .payload(Payloads.dns(7, true));

        assertThat(builtIn.in(first.decoded())).isEqualTo("-");
        assertThat(builtIn.in(first.decoded())).isEqualTo("unsolicited:dns");
    }

    @Test
    void shouldRefuseAVectorWithoutTheSignatureItMatchesBy() {
        List<Vector> vectors = List.of(vector("kad", 751, Match.BOTH, null, Action.DROP));

        assertThatThrownBy(() -> Inside.with(vectors)).hasMessageContaining("reflection.kad");
    }

    @Test
    void shouldHandleEveryPortIncludingTheHighestAndMoreVectorsThanAByteCounts() {
        List<Vector> vectors = new ArrayList<>();
        for (int port = 1; port <= 65_535; port++) {
            vectors.add(new Vector("v" + port % 3, port, Match.PORT, null, Action.DROP, null, RuleMode.ENFORCE));
        }
        Inside inside = Inside.with(vectors);

        assertThat(inside.in(fromOutside(65_535, 1))).isEqualTo("reflection:v0");
        assertThat(inside.in(fromOutside(32_768, 1))).isEqualTo("reflection:v2");
        assertThat(inside.filter.classify(fromOutside(0, 1), 0)).isEqualTo(Verdict.UNSETTLED);
    }
}
