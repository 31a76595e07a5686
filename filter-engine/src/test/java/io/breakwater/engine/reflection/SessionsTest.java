package io.breakwater.engine.reflection;

import static io.breakwater.engine.reflection.Inside.fromInside;
import static io.breakwater.engine.reflection.Inside.fromOutside;
import static io.breakwater.engine.reflection.Payloads.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.VectorTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole conversations, both directions, under the built-in table: each must pass whole, whichever end is inside. */
class SessionsTest {
    private static final byte[] ESP = bytes("c0ffee01 00000001 0102030405060708");
    private static final byte[] KEEPALIVE = bytes("ff");
    private static final byte[] OPENVPN_DATA = bytes("48 000001 0102030405060708090a0b0c0d0e");
    private static final byte[] CHANNEL_DATA = bytes("4001 0008 0102030405060708");
    private static final byte[] L2TP_DATA = bytes("0002 0001 0001 ff03 0021 4500");
    private static final byte[] SIP_OK = bytes("'SIP/2.0 200 OK' 0d0a");

    /** What the client sends and the server answers, in turn: {@code >hex} and {@code <hex}. */
    record Conversation(String name, int clientPort, int serverPort, List<String> frames) {
        @Override
        public String toString() {
            return name + " " + clientPort + "→" + serverPort;
        }
    }

    private static Conversation conversation(String name, int clientPort, int serverPort, byte[]... payloads) {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < payloads.length; i++) {
            frames.add(java.util.HexFormat.of().formatHex(payloads[i]));
        }
        return new Conversation(name, clientPort, serverPort, List.copyOf(frames));
    }

    private static void bothPorts(List<Conversation> all, String name, int serverPort, byte[]... payloads) {
        all.add(conversation(name, 40_000, serverPort, payloads));
        all.add(conversation(name, serverPort, serverPort, payloads));
    }

    /** Client and server take turns, the client first. */
    static List<Conversation> conversations() {
        List<Conversation> all = new ArrayList<>();
        bothPorts(
                all,
                "dns",
                53,
                Payloads.dns(1, false),
                Payloads.dns(1, true),
                Payloads.dns(2, false),
                Payloads.dns(2, true));
        bothPorts(all, "ntp", 123, Payloads.ntp(3), Payloads.ntp(4), Payloads.ntp(3), Payloads.ntp(4));
        all.add(conversation(
                "ntp symmetric",
                123,
                123,
                Payloads.ntp(1),
                Payloads.ntp(2),
                Payloads.ntp(1),
                Payloads.ntp(1),
                Payloads.ntp(1)));
        bothPorts(all, "snmp", 161, Payloads.snmp(0xa0), Payloads.snmp(0xa2), Payloads.snmp(0xa5), Payloads.snmp(0xa2));
        bothPorts(
                all,
                "snmpv3",
                161,
                Payloads.snmp3(4, 0xa0),
                Payloads.snmp3(0, 0xa8),
                Payloads.snmp3(7, 0),
                Payloads.snmp3(3, 0));
        bothPorts(all, "coap", 5_683, Payloads.coap(1), Payloads.coap(0x45), Payloads.coap(0), Payloads.coap(0x45));
        bothPorts(
                all,
                "ike",
                500,
                Payloads.ike(2, 0x08, false),
                Payloads.ike(2, 0x20, false),
                Payloads.ike(2, 0x08, false),
                Payloads.ike(2, 0x20, false));
        bothPorts(
                all,
                "ikev1",
                500,
                Payloads.ike(1, 0, false),
                Payloads.ike(1, 0, false),
                Payloads.ike(1, 1, false),
                Payloads.ike(1, 1, false));
        bothPorts(
                all,
                "ike-nat-t",
                4_500,
                Payloads.ike(2, 0x08, true),
                Payloads.ike(2, 0x20, true),
                ESP,
                ESP,
                KEEPALIVE,
                KEEPALIVE,
                ESP);
        bothPorts(
                all,
                "openvpn",
                1_194,
                Payloads.openvpn(7),
                Payloads.openvpn(8),
                Payloads.openvpn(5),
                Payloads.openvpn(4),
                OPENVPN_DATA,
                OPENVPN_DATA);
        bothPorts(
                all,
                "l2tp",
                1_701,
                Payloads.l2tp(1),
                Payloads.l2tp(2),
                Payloads.l2tp(3),
                Payloads.l2tp(6),
                L2TP_DATA,
                L2TP_DATA);
        bothPorts(
                all,
                "sip",
                5_060,
                bytes("'REGISTER sip:a SIP/2.0' 0d0a"),
                SIP_OK,
                bytes("'INVITE sip:b SIP/2.0' 0d0a"),
                SIP_OK,
                bytes("0d0a0d0a"),
                bytes("0d0a"));
        bothPorts(all, "stun", 3_478, Payloads.stun(0x0001), Payloads.stun(0x0101));
        bothPorts(
                all,
                "turn",
                3_478,
                Payloads.stun(0x0003),
                Payloads.stun(0x0113),
                Payloads.stun(0x0003),
                Payloads.stun(0x0103),
                Payloads.stun(0x0016),
                Payloads.stun(0x0017),
                CHANNEL_DATA,
                CHANNEL_DATA);
        bothPorts(
                all,
                "rdp",
                3_389,
                Payloads.rdp(0x0001, true),
                Payloads.rdp(0x0005, false),
                Payloads.rdp(0x0004, false),
                Payloads.rdp(0x0004, false));
        all.add(conversation("tftp", 40_000, 69, bytes("0001 'boot' 00")));
        return all;
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void shouldPassWholeWithTheClientInside(Conversation conversation) {
        shouldPassWhole(conversation, true, false);
        shouldPassWhole(conversation, true, true);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void shouldPassWholeWithTheServerInside(Conversation conversation) {
        shouldPassWhole(conversation, false, false);
        shouldPassWhole(conversation, false, true);
    }

    private static void shouldPassWhole(Conversation conversation, boolean clientInside, boolean ipv6) {
        for (boolean threads : new boolean[] {false, true}) {
            Inside inside = new Inside(VectorTable.builtIn(), true, threads, 0);
            for (int i = 0; i < conversation.frames.size(); i++) {
                boolean byClient = i % 2 == 0;
                FrameSlot frame = frame(conversation, i, byClient, byClient == clientInside, ipv6);
                if (byClient == clientInside) {
                    inside.out(frame);
                } else {
                    assertThat(inside.in(frame))
                            .as("frame %d, threads %s", i, threads)
                            .isEqualTo("-");
                }
                inside.after(5);
            }
        }
    }

    static FrameSlot frame(Conversation conversation, int index, boolean byClient, boolean fromInside, boolean ipv6) {
        int sourcePort = byClient ? conversation.clientPort : conversation.serverPort;
        int destinationPort = byClient ? conversation.serverPort : conversation.clientPort;
        String insideHost = ipv6 ? Payloads.INSIDE_6 : Payloads.INSIDE;
        String outsideHost = ipv6 ? Payloads.OUTSIDE_6 : Payloads.OUTSIDE;
        return Inside.udp(
                fromInside ? insideHost : outsideHost,
                fromInside ? outsideHost : insideHost,
                sourcePort,
                destinationPort,
                bytes(conversation.frames.get(index)));
    }

    @Test
    void shouldNotTakeAnswersOfInsideServersForQuestions() {
        Inside inside = Inside.with(VectorTable.builtIn());
        inside.out(fromInside(53, 53, Payloads.dns(7, true)));
        inside.out(fromInside(123, 123, Payloads.ntp(4)));
        inside.out(fromInside(161, 161, Payloads.snmp(0xa2)));
        inside.out(fromInside(5_683, 5_683, Payloads.coap(0x45)));
        inside.out(fromInside(53, 40_000, Payloads.dns(7, true)));

        assertThat(inside.table.entries()).isZero();
        assertThat(inside.in(fromOutside(53, 53, Payloads.dns(7, true)))).isEqualTo("unsolicited:dns");
        assertThat(inside.in(fromOutside(123, 123, Payloads.ntp(4)))).isEqualTo("unsolicited:ntp");
        assertThat(inside.in(fromOutside(161, 161, Payloads.snmp(0xa2)))).isEqualTo("unsolicited:snmp");
        assertThat(inside.in(fromOutside(5_683, 5_683, Payloads.coap(0x45)))).isEqualTo("unsolicited:coap");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 4_500, 1_194, 1_701, 3_478, 3_389})
    void shouldRenewALongLivedSessionByFramesOfEitherWay(int port) {
        Inside inside = Inside.with(VectorTable.builtIn());
        byte[] data = bytes("c0ffee01 00000001 0102030405060708");
        inside.out(fromInside(port, port, data));
        for (int round = 0; round < 5; round++) {
            inside.after(599);
            assertThat(inside.in(fromOutside(port, port, data))).isEqualTo("-");
        }
        for (int round = 0; round < 5; round++) {
            inside.after(599).out(fromInside(port, port, data));
        }
        assertThat(inside.after(600).in(fromOutside(port, port, data))).isEqualTo("-");
        assertThat(inside.after(601).in(fromOutside(port, port, data))).startsWith("unsolicited:");
    }

    @Test
    void shouldRenewByInboundRequestsToo() {
        Inside inside = Inside.with(VectorTable.builtIn());
        inside.out(fromInside(5_060, 5_060, bytes("'OPTIONS sip:a SIP/2.0'")));
        assertThat(inside.after(500).in(fromOutside(5_060, 5_060, bytes("'OPTIONS sip:b SIP/2.0'"))))
                .isEqualTo("-");

        assertThat(inside.after(500).in(fromOutside(5_060, 5_060, SIP_OK))).isEqualTo("-");
    }

    @Test
    void shouldNotOpenASessionByInboundFrames() {
        Inside inside = Inside.with(VectorTable.builtIn());
        assertThat(inside.in(fromOutside(4_500, 4_500, Payloads.ike(2, 0x08, true))))
                .isEqualTo("-");

        assertThat(inside.in(fromOutside(4_500, 4_500, ESP))).isEqualTo("unsolicited:ike-nat-t");
        assertThat(inside.table.entries()).isZero();
    }

    @Test
    void shouldForgetAShortSessionAMinuteAfterItsLastRequest() {
        Inside inside = Inside.with(VectorTable.builtIn());
        inside.out(fromInside(40_000, 123, Payloads.ntp(3)));

        assertThat(inside.after(60).in(fromOutside(123, 40_000, Payloads.ntp(4))))
                .isEqualTo("-");
        assertThat(inside.after(1).in(fromOutside(123, 40_000, Payloads.ntp(4))))
                .isEqualTo("unsolicited:ntp");
    }

    @Test
    void shouldRecordNothingWithoutProtected() {
        Inside inside = new Inside(VectorTable.builtIn(), false, false, 0);
        inside.out(fromInside(40_000, 53, Payloads.dns(7, false)));

        assertThat(inside.table.entries()).isZero();
    }
}
