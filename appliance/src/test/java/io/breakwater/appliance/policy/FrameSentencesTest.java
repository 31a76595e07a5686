package io.breakwater.appliance.policy;

import static io.breakwater.appliance.policy.Sentence.FORWARD;
import static io.breakwater.appliance.policy.Sentence.sentence;
import static io.breakwater.engine.frame.PacketBuilder.ethernet;

import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Malformed frames, where ports are, frames that are no IP, cut frames, and the clock of a replay. */
class FrameSentencesTest {
    private static final String SOURCE = "192.0.2.1";
    private static final String INSIDE = "203.0.113.5";
    private static final int AH = 51;
    private static final String ONE_A_SECOND =
            "limits: [{name: l, match: {lane: inbound}, track: rule, rate: 1 packets/s}]";
    private static final double YEAR_S = 31_557_600;

    private static PacketBuilder ip() {
        return ethernet().ip(SOURCE, INSIDE);
    }

    private static PacketBuilder memcached() {
        return ip().udp(11_211, 9).payload("x");
    }

    private static PacketBuilder ip6() {
        return ethernet().ip("2001:db8::1", "2001:db8:100::5");
    }

    private static PacketBuilder plain() {
        return ip().udp(1, 2).payload("x");
    }

    private static Sentence dropped(String text, PacketBuilder packet) {
        return sentence("malformed: " + text).at(0, packet, "malformed");
    }

    private static Sentence legal(String text, PacketBuilder packet) {
        return sentence("not malformed: " + text).at(0, packet, FORWARD);
    }

    @TestFactory
    Stream<DynamicTest> shouldDropMalformedFrames() {
        return Stream.of(
                        dropped("IP version that contradicts the EtherType", plain().lieVersionIhl(0x65)),
                        dropped("IPv6 EtherType with version 4", ip6().udp(1, 2).lieVersionIhl(0x45)),
                        dropped("IHL < 5", plain().lieVersionIhl(0x44)),
                        dropped("IPv4 total length below the header", plain().lieIpLength(19)),
                        dropped("IPv4 total length beyond the frame", plain().lieIpLength(30)),
                        dropped(
                                "IPv6 payload length beyond the frame",
                                ip6().udp(1, 2).lieIpLength(9)),
                        dropped(
                                "an extension header that runs past the end",
                                ip6().extension(60, 8).protocol(59).lieIpLength(7)),
                        dropped("UDP length < 8", plain().lieUdpLength(7)),
                        dropped("UDP length beyond the IP payload", plain().lieUdpLength(10)),
                        legal(
                                "UDP length shorter than the payload",
                                plain().payload("xxxx").lieUdpLength(9)),
                        legal(
                                "a first fragment's UDP length exceeds it",
                                ip().udp(1, 2)
                                        .payloadBytes(8)
                                        .lieUdpLength(5000)
                                        .fragment(0, true, 1)),
                        dropped(
                                "a first fragment too short for its ports",
                                ip().protocol(17).payloadBytes(3).fragment(0, true, 1)),
                        dropped(
                                "a first fragment too short for its TCP ports",
                                ip().protocol(6).payloadBytes(0).fragment(0, true, 1)),
                        dropped(
                                "a fragment whose end, with the header, passes 65,535",
                                ip().protocol(17).payloadBytes(9).fragment(65_512, false, 1)),
                        legal(
                                "a fragment whose end is 65,535",
                                ip().protocol(17).payloadBytes(3).fragment(65_512, false, 1)),
                        legal("bytes after the IP total length are padding", plain().padding(18)),
                        sentence("malformed: a VLAN tag that runs past the end")
                                .at(0, ethernet().vlan(1).etherType(0x8100).payloadBytes(1), "malformed"))
                .map(Sentence::test);
    }

    @TestFactory
    Stream<DynamicTest> shouldFindPorts() {
        String dropped = "reflection:memcached";
        byte[] unreachable = new byte[8 + 28];
        unreachable[0] = 3;
        return Stream.of(
                        sentence("behind any number of VLAN tags")
                                .at(0, memcached().vlan(1), dropped)
                                .at(0, memcached().tag(0x88a8, 2).vlan(1), dropped)
                                .at(
                                        0,
                                        memcached()
                                                .tag(0x9100, 2)
                                                .tag(0x9200, 3)
                                                .vlan(1)
                                                .vlan(2),
                                        dropped),
                        sentence("behind IPv4 options, AH and IPv6 extension headers")
                                .at(0, memcached().options(40), dropped)
                                .at(0, memcached().extension(AH, 24), dropped)
                                .at(
                                        0,
                                        ip6().udp(11_211, 9)
                                                .extension(0, 8)
                                                .extension(43, 24)
                                                .extension(60, 16)
                                                .extension(AH, 24),
                                        dropped)
                                .at(0, ip6().udp(11_211, 9).atomicFragment(3), dropped),
                        sentence("ICMP errors that quote a UDP header are ICMP")
                                .at(0, ip().protocol(1).payload(unreachable), FORWARD),
                        sentence("the inside of a tunnel is not looked at")
                                .at(0, ip().protocol(4).payload(memcachedPacket()), FORWARD)
                                .at(0, ip().protocol(47).payloadBytes(40), FORWARD),
                        sentence("layer-2 and non-IP frames are forwarded; MAC PAUSE is not")
                                .at(0, ethernet().etherType(0x0806).payloadBytes(46), FORWARD)
                                .at(0, ethernet().etherType(0x88cc).payloadBytes(46), FORWARD)
                                .at(0, ethernet().etherType(0x8847).payloadBytes(46), FORWARD)
                                .at(0, ethernet().etherType(38).payloadBytes(46), FORWARD)
                                .at(0, ethernet().etherType(0x8808).payload((byte) 0, (byte) 1), "egress")
                                .at(0, ethernet().etherType(0x8808).payload((byte) 0, (byte) 2), FORWARD),
                        sentence("MAC PAUSE is not forwarded in monitor mode either: it is no verdict of the policy")
                                .policy("mode: monitor")
                                .at(0, ethernet().etherType(0x8808).payload((byte) 0, (byte) 1), "egress")
                                .wouldDropNothing(),
                        sentence("frames of an unsupported link type are forwarded")
                                .raw(1, 0, memcached().build(), 43, LinkLayer.UNSUPPORTED, FORWARD),
                        sentence("a capture cut by its snap length is judged by original lengths")
                                .snapped(0, memcached().payloadBytes(1400), 60, dropped)
                                .snapped(0, memcached().payloadBytes(1400).lieUdpLength(1409), 60, "malformed"),
                        sentence("what was not captured settles nothing")
                                .snapped(0, memcached(), 34, FORWARD)
                                .snapped(0, memcached(), 14, FORWARD)
                                .snapped(0, memcached(), 0, FORWARD)
                                .snapped(0, memcached(), 38, dropped))
                .map(Sentence::test);
    }

    private static byte[] memcachedPacket() {
        return PacketBuilder.rawIp()
                .ip(SOURCE, INSIDE)
                .udp(11_211, 9)
                .payload("x")
                .build();
    }

    @TestFactory
    Stream<DynamicTest> shouldKeepTime() {
        return Stream.of(
                        clock("a stamp up to 1 s behind the largest adds nothing")
                                .at(100, plain(), FORWARD)
                                .at(99.5, plain(), "limit:l")
                                .at(100.5, plain(), "limit:l")
                                .at(101, plain(), FORWARD),
                        clock("one further behind re-bases the clock")
                                .at(100, plain(), FORWARD)
                                .at(98, plain(), "limit:l")
                                .at(98.9, plain(), "limit:l")
                                .at(99, plain(), FORWARD),
                        clock("stamps that are all zero")
                                .at(0, plain(), FORWARD)
                                .many(1000, 0, plain(), "limit:l"),
                        clock("a jump forward of years is survived")
                                .at(0, plain(), FORWARD)
                                .at(200 * YEAR_S, plain(), FORWARD)
                                .at(200 * YEAR_S, plain(), "limit:l")
                                .at(200 * YEAR_S + 1.001, plain(), FORWARD),
                        clock("a jump forward and back")
                                .at(0, plain(), FORWARD)
                                .at(100 * YEAR_S, plain(), FORWARD)
                                .at(0.5, plain(), "limit:l")
                                .at(1.5, plain(), FORWARD),
                        clock("one clock for both lanes")
                                .at(0, plain(), FORWARD)
                                .at(1, ethernet().ip(INSIDE, SOURCE).udp(1, 2), FORWARD)
                                .at(0.5, plain(), FORWARD))
                .map(Sentence::test);
    }

    private static Sentence clock(String text) {
        return sentence(text).policy("protected: [203.0.113.0/24]", "reflection: off", ONE_A_SECOND);
    }
}
