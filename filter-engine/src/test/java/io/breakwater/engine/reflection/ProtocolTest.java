package io.breakwater.engine.reflection;

import static io.breakwater.engine.reflection.Payloads.bytes;
import static io.breakwater.engine.reflection.Payloads.udp;
import static io.breakwater.engine.reflection.Payloads.udpCaptured;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolTest {
    private static final int REQUEST = Protocol.REQUEST;
    private static final int ANSWER = Protocol.ANSWER;
    private static final int UNCLEAR = Protocol.UNCLEAR;

    /** A payload, its role, and how many bytes must be captured to say so. */
    record Fixture(String vector, String hex, int role, int neededBytes) {
        byte[] payload() {
            return bytes(hex);
        }
    }

    private static Fixture of(String vector, byte[] payload, int role, int neededBytes) {
        return new Fixture(vector, HexFormat.of().formatHex(payload), role, neededBytes);
    }

    static List<Fixture> fixtures() {
        return List.of(
                of("dns", Payloads.dns(7, false), REQUEST, 3),
                of("dns", Payloads.dns(7, true), ANSWER, 3),
                of("dns", bytes("0007"), UNCLEAR, 0),
                of("ntp", Payloads.ntp(1), REQUEST, 1),
                of("ntp", Payloads.ntp(3), REQUEST, 1),
                of("ntp", Payloads.ntp(2), ANSWER, 1),
                of("ntp", Payloads.ntp(4), ANSWER, 1),
                of("ntp", Payloads.ntp(5), ANSWER, 1),
                of("ntp", Payloads.ntp(0), UNCLEAR, 2),
                of("ntp", bytes("16 82 0001"), ANSWER, 2),
                of("ntp", bytes("16 02 0001"), UNCLEAR, 2),
                of("ntp", bytes("d7 00 03 2a"), ANSWER, 1),
                of("ntp", bytes("17 00 03 2a"), UNCLEAR, 2),
                of("snmp", Payloads.snmp(0xa0), REQUEST, 14),
                of("snmp", Payloads.snmp(0xa5), REQUEST, 14),
                of("snmp", Payloads.snmp(0xa7), REQUEST, 14),
                of("snmp", Payloads.snmp(0xa2), ANSWER, 14),
                of("snmp", Payloads.snmp(0xa8), ANSWER, 14),
                of("snmp", Payloads.snmp(0xbf), UNCLEAR, 14),
                of("snmp", bytes("31 00"), UNCLEAR, 1),
                of("snmp", Payloads.snmp3(4, 0xa0), REQUEST, 33),
                of("snmp", Payloads.snmp3(0, 0xa2), ANSWER, 33),
                of("snmp", Payloads.snmp3(0, 0xa8), ANSWER, 33),
                of("snmp", Payloads.snmp3(7, 0), REQUEST, 26),
                of("snmp", Payloads.snmp3(3, 0), UNCLEAR, 26),
                of("coap", Payloads.coap(0x01), REQUEST, 2),
                of("coap", Payloads.coap(0x00), REQUEST, 2),
                of("coap", Payloads.coap(0x45), ANSWER, 2),
                of("coap", Payloads.coap(0x84), ANSWER, 2),
                of("coap", Payloads.coap(0x20), UNCLEAR, 2),
                of("coap", bytes("84 01 1234"), UNCLEAR, 2),
                of("ike", Payloads.ike(2, 0x08, false), REQUEST, 20),
                of("ike", Payloads.ike(2, 0x00, false), REQUEST, 20),
                of("ike", Payloads.ike(2, 0x20, false), ANSWER, 20),
                of("ike", Payloads.ike(1, 0x01, false), REQUEST, 20),
                of("ike", Payloads.ike(5, 0x00, false), UNCLEAR, 20),
                of("ike", bytes("ff"), UNCLEAR, 0),
                of("ike-nat-t", Payloads.ike(2, 0x08, true), REQUEST, 24),
                of("ike-nat-t", Payloads.ike(2, 0x28, true), ANSWER, 24),
                of("ike-nat-t", bytes("c0ffee01 00000001 0102"), UNCLEAR, 4),
                of("ike-nat-t", bytes("ff"), UNCLEAR, 0),
                of("openvpn", Payloads.openvpn(7), REQUEST, 1),
                of("openvpn", Payloads.openvpn(1), REQUEST, 1),
                of("openvpn", Payloads.openvpn(10), REQUEST, 1),
                of("openvpn", Payloads.openvpn(8), ANSWER, 1),
                of("openvpn", Payloads.openvpn(9), UNCLEAR, 1),
                of("l2tp", Payloads.l2tp(1), REQUEST, 20),
                of("l2tp", Payloads.l2tp(2), UNCLEAR, 20),
                of("l2tp", bytes("0002 0001 0001 ff03 0021 4500 0000 0000 0000 0000 0001"), UNCLEAR, 20),
                of("sip", bytes("'SIP/2.0 200 OK'"), ANSWER, 7),
                of("sip", bytes("'REGISTER sip:a SIP/2.0'"), REQUEST, 1),
                of("sip", bytes("'SIP/3.0 200 OK'"), REQUEST, 5),
                of("sip", bytes("0d0a0d0a"), REQUEST, 0),
                of("sip", bytes("'SIP'"), REQUEST, 0),
                of("stun", Payloads.stun(0x0001), REQUEST, 8),
                of("stun", Payloads.stun(0x0011), REQUEST, 8),
                of("stun", Payloads.stun(0x0017), REQUEST, 8),
                of("stun", Payloads.stun(0x0101), ANSWER, 8),
                of("stun", Payloads.stun(0x0111), ANSWER, 8),
                of("stun", bytes("0001 0008 00000001 0203"), UNCLEAR, 8),
                of("stun", bytes("4001 0008 2112a442 0203"), UNCLEAR, 8),
                of("rdp", Payloads.rdp(0x0001, true), REQUEST, 8),
                of("rdp", Payloads.rdp(0x0005, false), ANSWER, 8),
                of("rdp", Payloads.rdp(0x0001, false), UNCLEAR, 8),
                of("rdp", Payloads.rdp(0x0004, false), UNCLEAR, 8));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldTellRequestsFromAnswers(Fixture fixture) {
        assertThat(Protocol.role(protocol(fixture.vector), udp(1, fixture.payload())))
                .isEqualTo(fixture.role);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldNotJudgeWhatWasNotCaptured(Fixture fixture) {
        for (int captured = 0; captured < fixture.payload().length; captured++) {
            int expected = captured < fixture.neededBytes ? Protocol.CUT : fixture.role;
            assertThat(Protocol.role(protocol(fixture.vector), udpCaptured(1, fixture.payload(), captured)))
                    .as("%d bytes captured", captured)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldCallAFrameCutWhoseUdpHeaderWasNotCapturedWhole() {
        assertThat(Protocol.role(Protocol.DNS, udpCaptured(53, Payloads.dns(1, true), -4)))
                .isEqualTo(Protocol.CUT);
    }

    @Test
    void shouldKnowTheProtocolOfAnOwnVectorAtABuiltInPort() {
        Vector own =
                new Vector("resolver", 53, Vector.Match.PORT, null, Vector.Action.SOLICITED, null, RuleMode.ENFORCE);
        Vector other =
                new Vector("my-game", 27_016, Vector.Match.PORT, null, Vector.Action.SOLICITED, null, RuleMode.ENFORCE);

        assertThat(Protocol.of(own)).isEqualTo(Protocol.DNS);
        assertThat(Protocol.of(other)).isEqualTo(Protocol.GENERIC);
    }

    @Test
    void shouldRenewOnlyTheLongLivedProtocols() {
        List<String> longLived = VectorTable.builtIn().stream()
                .filter(vector -> Protocol.isLongLived(Protocol.of(vector)))
                .map(Vector::name)
                .toList();

        assertThat(longLived).containsExactlyInAnyOrder("ike", "ike-nat-t", "openvpn", "l2tp", "sip", "stun", "rdp");
    }

    static int protocol(String vector) {
        return VectorTable.builtIn().stream()
                .filter(v -> v.name().equals(vector))
                .mapToInt(Protocol::of)
                .findFirst()
                .orElseThrow();
    }
}
