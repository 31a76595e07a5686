package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.List;

/**
 * The protocols whose requests and answers can be told apart, as small ints, and how to tell.
 *
 * <p>A protocol without a mark for one of the two (an ESP packet in UDP, an OpenVPN data packet) leaves the frame {@link
 * #UNCLEAR}: on the inbound lane it is judged like an answer, on the outbound lane it opens an entry like a request.
 */
final class Protocol {
    /** Roles. The bytes that decide were not captured. */
    static final int CUT = 0;
    /** Clearly a request. */
    static final int REQUEST = 1;
    /** Clearly an answer. */
    static final int ANSWER = 2;
    /** Not clearly either. */
    static final int UNCLEAR = 3;

    /** No protocol. */
    static final int NONE = 0;
    /** A protocol that nothing is known of: all its frames are UNCLEAR. */
    static final int GENERIC = 1;

    static final int DNS = 2;
    static final int NTP = 3;

    /** Protocol n is called {@code NAMES.get(n - DNS)}. */
    private static final List<String> NAMES = List.of(
            "dns",
            "ntp",
            "snmp",
            "coap",
            "netbios",
            "mdns",
            "ike",
            "ike-nat-t",
            "openvpn",
            "l2tp",
            "sip",
            "stun",
            "rdp");

    private static final int FIRST_LONG_LIVED = DNS + NAMES.indexOf("ike");

    // RFC 7296 section 3.1
    private static final int IKE_VERSION_OFFSET = 17;
    private static final int IKE_FLAGS_OFFSET = 19;
    private static final int IKE_RESPONSE = 0x20;
    /** RFC 3948 section 2.2: four zero bytes where ESP has its SPI. */
    private static final int NON_ESP_MARKER_BYTES = 4;

    // OpenVPN ssl_pkt.h: opcode in the upper five bits, key id (0 for resets) in the lower three
    private static final int HARD_RESET_CLIENT_V1 = 1 << 3;
    private static final int HARD_RESET_SERVER_V1 = 2 << 3;
    private static final int HARD_RESET_CLIENT_V2 = 7 << 3;
    private static final int HARD_RESET_SERVER_V2 = 8 << 3;
    private static final int HARD_RESET_CLIENT_V3 = 10 << 3;

    /** RFC 8489 section 5. */
    private static final int STUN_MAGIC_COOKIE = 0x2112_a442;

    // MS-RDPEUDP section 2.2.2.1
    private static final int RDP_SYN = 0x0001;
    private static final int RDP_ACK = 0x0004;

    private Protocol() {}

    /** What a vector speaks: by its name, by its signature, or as the built-in vector at its port. */
    static int of(Vector vector) {
        int byName = NAMES.indexOf(vector.name());
        int bySignature = vector.signature() == null ? -1 : NAMES.indexOf(vector.signature());
        int named = byName >= 0 ? byName : bySignature;
        return named >= 0 ? DNS + named : atPort(vector.port());
    }

    private static int atPort(int port) {
        for (Vector builtIn : VectorTable.builtIn()) {
            int index = NAMES.indexOf(builtIn.name());
            if (builtIn.port() == port && index >= 0) {
                return DNS + index;
            }
        }
        return GENERIC;
    }

    /** Whether each forwarded frame, either way, renews an entry. */
    @HotPath
    static boolean isLongLived(int protocol) {
        return protocol >= FIRST_LONG_LIVED;
    }

    /** {@link #REQUEST}, {@link #ANSWER}, {@link #UNCLEAR} or {@link #CUT}. */
    @HotPath
    static int role(int protocol, FrameSlot frame) {
        if (frame.payloadOffset() < 0) {
            return CUT;
        }
        return switch (protocol) {
            case 2, 6, 7 -> dns(frame);
            case 3 -> ntp(frame);
            case 4 -> snmp(frame);
            case 5 -> coap(frame);
            case 8 -> ike(frame, 0);
            case 9 -> ikeBehindNat(frame);
            case 10 -> openvpn(frame);
            case 11 -> l2tp(frame);
            case 12 -> sip(frame);
            case 13 -> stun(frame);
            case 14 -> rdp(frame);
            default -> UNCLEAR;
        };
    }

    private static int missing(FrameSlot frame, int bytes) {
        return Payload.isCut(frame, bytes) ? CUT : UNCLEAR;
    }

    /** RFC 1035 section 4.1.1: the QR bit. */
    private static int dns(FrameSlot frame) {
        if (!Payload.has(frame, 3)) {
            return missing(frame, 3);
        }
        return (Payload.u8(frame, 2) & 0x80) == 0 ? REQUEST : ANSWER;
    }

    private static int ntp(FrameSlot frame) {
        return switch (Ntp.mode(frame)) {
            case Ntp.SYMMETRIC_ACTIVE, Ntp.CLIENT -> REQUEST;
            case Ntp.SYMMETRIC_PASSIVE, Ntp.SERVER, Ntp.BROADCAST -> ANSWER;
            case -1 -> missing(frame, 1);
            default -> Ntp.isModeSixOrSevenAnswer(frame) ? ANSWER : missing(frame, 2);
        };
    }

    private static int snmp(FrameSlot frame) {
        return switch (Snmp.pdu(frame)) {
            case Snmp.RESPONSE, Snmp.REPORT -> ANSWER;
            case Ber.OTHER -> UNCLEAR;
            case Ber.CUT -> CUT;
            default -> REQUEST;
        };
    }

    /** RFC 7252 section 3: version 1; code class 0 is a request (or empty), 2 and above a response. */
    private static int coap(FrameSlot frame) {
        if (!Payload.has(frame, 2)) {
            return missing(frame, 2);
        }
        int code = Payload.u8(frame, 1);
        boolean version1 = Payload.u8(frame, 0) >>> 6 == 1;
        if (!version1 || (code >= 0x20 && code < 0x40)) {
            return UNCLEAR;
        }
        return code < 0x20 ? REQUEST : ANSWER;
    }

    private static int ike(FrameSlot frame, int header) {
        int bytes = header + IKE_FLAGS_OFFSET + 1;
        if (!Payload.has(frame, bytes)) {
            return missing(frame, bytes);
        }
        int major = Payload.u8(frame, header + IKE_VERSION_OFFSET) >>> 4;
        if (major != 1 && major != 2) {
            return UNCLEAR;
        }
        return (Payload.u8(frame, header + IKE_FLAGS_OFFSET) & IKE_RESPONSE) == 0 ? REQUEST : ANSWER;
    }

    private static int ikeBehindNat(FrameSlot frame) {
        if (!Payload.has(frame, NON_ESP_MARKER_BYTES)) {
            return missing(frame, NON_ESP_MARKER_BYTES);
        }
        return Payload.i32(frame, 0) == 0 ? ike(frame, NON_ESP_MARKER_BYTES) : UNCLEAR;
    }

    private static int openvpn(FrameSlot frame) {
        if (!Payload.has(frame, 1)) {
            return missing(frame, 1);
        }
        return switch (Payload.u8(frame, 0)) {
            case HARD_RESET_CLIENT_V1, HARD_RESET_CLIENT_V2, HARD_RESET_CLIENT_V3 -> REQUEST;
            case HARD_RESET_SERVER_V1, HARD_RESET_SERVER_V2 -> ANSWER;
            default -> UNCLEAR;
        };
    }

    /**
     * RFC 2661 sections 3.1 and 4.4.1, RFC 3931 section 4.1.2.1: a control message (T, L and S set, version 2 or 3) whose
     * first attribute, Message Type of vendor 0, is 1, Start-Control-Connection-Request.
     */
    private static int l2tp(FrameSlot frame) {
        if (!Payload.has(frame, 20)) {
            return missing(frame, 20);
        }
        int flags = Payload.u16(frame, 0) & 0xc80f;
        boolean control = flags == 0xc802 || flags == 0xc803;
        boolean messageType = Payload.i32(frame, 14) == 0;
        return control && messageType && Payload.u16(frame, 18) == 1 ? REQUEST : UNCLEAR;
    }

    /** RFC 3261 section 7: what does not begin with the version is no status line. */
    private static int sip(FrameSlot frame) {
        byte[] version = Signatures.SIP;
        int captured = Math.min(version.length, frame.payloadCaptured());
        for (int at = 0; at < captured; at++) {
            if (Payload.u8(frame, at) != version[at]) {
                return REQUEST;
            }
        }
        if (captured == version.length) {
            return ANSWER;
        }
        return Payload.isCut(frame, version.length) ? CUT : REQUEST;
    }

    /** RFC 8489 section 5: two zero bits and the cookie; class bit 1 is set in success and error responses. */
    private static int stun(FrameSlot frame) {
        if (!Payload.has(frame, 8)) {
            return missing(frame, 8);
        }
        int type = Payload.u16(frame, 0);
        if (type >>> 14 != 0 || Payload.i32(frame, 4) != STUN_MAGIC_COOKIE) {
            return UNCLEAR;
        }
        return (type & 0x0100) == 0 ? REQUEST : ANSWER;
    }

    /** A SYN acknowledges nothing: snSourceAck is -1. */
    private static int rdp(FrameSlot frame) {
        if (!Payload.has(frame, 8)) {
            return missing(frame, 8);
        }
        int flags = Payload.u16(frame, 6) & (RDP_SYN | RDP_ACK);
        if (flags == RDP_SYN && Payload.i32(frame, 0) == -1) {
            return REQUEST;
        }
        return flags == (RDP_SYN | RDP_ACK) ? ANSWER : UNCLEAR;
    }
}
