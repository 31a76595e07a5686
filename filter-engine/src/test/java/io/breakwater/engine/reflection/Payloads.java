package io.breakwater.engine.reflection;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Payloads and frames of the protocols that vectors speak, for tests. */
final class Payloads {
    static final String OUTSIDE = "198.18.0.1";
    static final String INSIDE = "203.0.113.5";
    static final String OUTSIDE_6 = "2001:db8:1::1";
    static final String INSIDE_6 = "2001:db8:100::5";

    private Payloads() {}

    /** Hexadecimal digits, with text between apostrophes: {@code 0001 'STAT '}. */
    static byte[] bytes(String mixed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] parts = mixed.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            out.writeBytes(
                    i % 2 == 0
                            ? HexFormat.of().parseHex(parts[i].replace(" ", ""))
                            : parts[i].getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }

    static FrameSlot udp(int sourcePort, byte[] payload) {
        return PacketBuilder.ethernet()
                .ipv4(OUTSIDE, INSIDE)
                .udp(sourcePort, 40_000)
                .payload(payload)
                .decoded();
    }

    /** The same, of which only so many payload bytes were captured. */
    static FrameSlot udpCaptured(int sourcePort, byte[] payload, int payloadCaptured) {
        byte[] frame = PacketBuilder.ethernet()
                .ipv4(OUTSIDE, INSIDE)
                .udp(sourcePort, 40_000)
                .payload(payload)
                .build();
        FrameSlot slot = PacketBuilder.slot(frame, 14 + 20 + 8 + payloadCaptured, frame.length, LinkLayer.ETHERNET);
        FrameDecoder.decode(slot);
        return slot;
    }

    static byte[] dns(int id, boolean answer) {
        return bytes("%04x %s 0001 0000 0000 0000 02 'io' 00 0001 0001".formatted(id, answer ? "8180" : "0100"));
    }

    static byte[] ntp(int mode) {
        byte[] payload = new byte[48];
        payload[0] = (byte) (0x20 | mode);
        return payload;
    }

    static byte[] ike(int version, int flags, boolean behindNat) {
        byte[] payload = new byte[behindNat ? 64 : 60];
        int at = behindNat ? 4 : 0;
        payload[at] = 1;
        payload[at + 17] = (byte) (version << 4);
        payload[at + 19] = (byte) flags;
        return payload;
    }

    static byte[] snmp(int pdu) {
        return bytes("30 1a 02 01 01 04 06 'public' %02x 0d 02 01 01 02 01 00 02 01 00 30 02 30 00".formatted(pdu));
    }

    /** SNMPv3, its PDU in plain text or, with pdu 0, encrypted. */
    static byte[] snmp3(int flags, int pdu) {
        String data = pdu == 0 ? "04 04 deadbeef" : "30 08 04 01 80 04 00 %02x 01 00".formatted(pdu);
        return bytes(
                "30 24 02 01 03 30 0e 02 02 0102 02 02 05c0 04 01 %02x 02 01 03 04 02 3000 %s".formatted(flags, data));
    }

    static byte[] stun(int type) {
        return bytes("%04x 0000 2112a442 000102030405060708090a0b".formatted(type));
    }

    static byte[] openvpn(int opcode) {
        return bytes("%02x 0011223344556677 00 00000000".formatted(opcode << 3));
    }

    static byte[] l2tp(int messageType) {
        return bytes("c802 0014 0000 0000 0000 0000 8008 0000 0000 %04x".formatted(messageType));
    }

    static byte[] rdp(int flags, boolean first) {
        return bytes("%s 0040 %04x 00000001 04d0 04d0".formatted(first ? "ffffffff" : "00000001", flags));
    }

    static byte[] coap(int code) {
        return bytes("44 %02x 1234 01020304 ff '22.5'".formatted(code));
    }
}
