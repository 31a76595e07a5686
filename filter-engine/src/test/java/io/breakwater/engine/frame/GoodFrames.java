package io.breakwater.engine.frame;

import java.nio.ByteBuffer;
import java.util.List;

/** Frames that break no rule, one for each way that the decoder knows. */
final class GoodFrames {
    private static final String V4 = "198.18.0.1";
    private static final String V4_TO = "203.0.113.5";
    private static final String V6 = "2001:db8::1";
    private static final String V6_TO = "2001:db8:100::5";

    private GoodFrames() {}

    static PacketBuilder v4() {
        return PacketBuilder.ethernet().ipv4(V4, V4_TO);
    }

    static PacketBuilder v6() {
        return PacketBuilder.ethernet().ipv6(V6, V6_TO);
    }

    static List<PacketBuilder> all() {
        return List.of(
                v4().udp(11211, 40000).payload("VALUE a 0 1"),
                v4().udp(53, 40000),
                v4().options(40).udp(53, 40000).payloadBytes(12),
                v4().udp(53, 40000).payloadBytes(4).padding(14),
                v4().udp(53, 40000).payloadBytes(20).lieUdpLength(12),
                v4().tcp(443, 40000).payloadBytes(10),
                v4().protocol(6).payloadBytes(4),
                v4().protocol(1).payloadBytes(36),
                v4().protocol(47).payloadBytes(40),
                v4().protocol(0).payloadBytes(40),
                v4().protocol(4).payload(rawPackets().getFirst()),
                v4().extension(51, 24).udp(53, 40000).payloadBytes(9),
                v4().extension(51, 12).extension(51, 16).tcp(53, 40000),
                v4().udp(53, 40000).payloadBytes(64).lieUdpLength(3000).fragment(0, true, 77),
                v4().udp(53, 40000).lieUdpLength(9).fragment(0, true, 77),
                v4().protocol(17).payloadBytes(64).fragment(1480, true, 77),
                v4().protocol(17).payloadBytes(3).fragment(65_512, false, 77),
                v4().extension(51, 24).udp(53, 40000).payloadBytes(16).fragment(0, true, 77),
                v4().vlan(1).udp(53, 40000),
                v4().tag(0x88a8, 1).vlan(2).tcp(53, 40000),
                v4().tag(0x9100, 1).tag(0x9200, 2).vlan(3).udp(53, 40000),
                v4().tag(0x88a8, 1)
                        .vlan(2)
                        .vlan(3)
                        .tag(0x9100, 4)
                        .vlan(0xe005)
                        .udp(53, 40000)
                        .payloadBytes(3),
                v6().udp(53, 40000).payloadBytes(12),
                v6().tcp(443, 40000).padding(6),
                v6().protocol(58).payloadBytes(48),
                v6().protocol(59),
                v6().protocol(50).payloadBytes(20),
                v6().extension(0, 8).extension(60, 16).extension(43, 24).udp(53, 40000),
                v6().extension(51, 24).udp(53, 40000).payloadBytes(7),
                v6().extension(135, 8).extension(139, 40).extension(140, 16).tcp(53, 40000),
                v6().udp(53, 40000).payloadBytes(16).atomicFragment(0xcafe_f00d),
                v6().udp(53, 40000).payloadBytes(16).lieUdpLength(9000).fragment(0, true, 0xcafe_f00d),
                v6().extension(0, 8).tcp(53, 40000).payloadBytes(16).fragment(0, true, 5),
                v6().extension(60, 8).protocol(17).payloadBytes(20).fragment(1448, false, 0xcafe_f00d),
                v6().vlan(9).extension(44, 8).udp(53, 40000).payloadBytes(16).fragment(0, true, 6),
                v6().tag(0x88a8, 1).vlan(9).udp(53, 40000),
                PacketBuilder.ethernet().etherType(0x0806).payloadBytes(28),
                PacketBuilder.ethernet().etherType(0x88cc).payloadBytes(46),
                PacketBuilder.ethernet().etherType(0x8864).payloadBytes(40),
                PacketBuilder.ethernet().etherType(0x8847).payloadBytes(40),
                PacketBuilder.ethernet().etherType(0x0026).payloadBytes(38),
                PacketBuilder.ethernet().vlan(4).etherType(0x888e).payloadBytes(40));
    }

    /** IP packets without a link-layer header. */
    static List<byte[]> rawPackets() {
        return List.of(
                PacketBuilder.rawIp()
                        .ipv4(V4, V4_TO)
                        .udp(11211, 40000)
                        .payloadBytes(20)
                        .build(),
                PacketBuilder.rawIp()
                        .ipv6(V6, V6_TO)
                        .extension(60, 8)
                        .udp(11211, 40000)
                        .build());
    }

    /** The packet behind a Linux cooked header, version 1. */
    static byte[] cooked(byte[] packet) {
        return ByteBuffer.allocate(16 + packet.length)
                .putShort(14, (short) (packet[0] >>> 4 == 4 ? 0x0800 : 0x86dd))
                .put(16, packet)
                .array();
    }

    /** The packet behind a Linux cooked header, version 2. */
    static byte[] cooked2(byte[] packet) {
        return ByteBuffer.allocate(20 + packet.length)
                .putShort(0, (short) (packet[0] >>> 4 == 4 ? 0x0800 : 0x86dd))
                .put(20, packet)
                .array();
    }

    /** A PAUSE frame (IEEE 802.3 annex 31B). */
    static byte[] pause() {
        return PacketBuilder.ethernet()
                .etherType(0x8808)
                .payload(ByteBuffer.allocate(46).putShort((short) 1).array())
                .build();
    }
}
