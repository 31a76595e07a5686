package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The built-in response signatures: what the first bytes of a vector's answers look like.
 *
 * <p>A signature reads a bounded number of payload bytes. One that needs a byte that was not captured does not match.
 */
public final class Signatures {
    private static final List<String> NAMES = List.of(
            "memcached",
            "ntp",
            "dns",
            "cldap",
            "ssdp",
            "chargen",
            "qotd",
            "snmp",
            "netbios",
            "portmap",
            "rip",
            "tftp",
            "mdns",
            "quake",
            "steam",
            "bittorrent",
            "ws-discovery",
            "slp",
            "tp240",
            "dhdiscover",
            "bacnet",
            "coap",
            "sip",
            "mssql",
            "ipmi",
            "plex",
            "jenkins");

    // memcached protocol.txt: what a text answer can begin with; binary answers begin with magic 0x81.
    private static final byte[][] MEMCACHED_ANSWERS = ascii(
            "VALUE ",
            "STAT ",
            "END\r\n",
            "ERROR",
            "STORED",
            "NOT_STORED",
            "EXISTS",
            "NOT_FOUND",
            "DELETED",
            "TOUCHED",
            "OK\r\n",
            "VERSION ",
            "CLIENT_ERROR",
            "SERVER_ERROR");
    private static final int MEMCACHED_HEADER_BYTES = 8;
    private static final int MEMCACHED_BINARY_ANSWER = 0x81;

    private static final byte[][] SSDP_ANSWERS = ascii("HTTP/1.1 200", "HTTP/1.0 200", "NOTIFY *");
    private static final byte[][] XML = ascii("<?xml");
    private static final byte[] SOAP_ENVELOPE = ascii(":Envelope")[0];
    /** How far into an answer without XML declaration its SOAP envelope may begin; unmeasured. */
    private static final int SOAP_WITHIN_BYTES = 32;

    private static final byte[][] PLEX = ascii("HTTP/1.");
    static final byte[] SIP = ascii("SIP/2.0")[0];
    private static final byte[] DHIP = {0x20, 0, 0, 0, 'D', 'H', 'I', 'P'};

    private static final int DNS_HEADER_BYTES = 12;
    /** How many characters tell text from other payload; unmeasured. */
    private static final int TEXT_BYTES = 16;

    private static final int TP240_MAX_BYTES = 128;

    private Signatures() {}

    /** The names that policies and the vector table know, in order of their ids. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The id of a signature, for {@link #matches}.
     *
     * @throws IllegalArgumentException if no signature has that name
     */
    public static int id(String name) {
        int id = NAMES.indexOf(name);
        if (id < 0) {
            throw new IllegalArgumentException(
                    "no signature is called '" + name + "'; known are " + String.join(", ", NAMES));
        }
        return id;
    }

    /** Whether the frame's UDP payload bears the signature with this id. */
    @HotPath
    public static boolean matches(int id, FrameSlot frame) {
        return switch (id) {
            case 0 -> memcached(frame);
            case 1 -> Ntp.isModeSixOrSevenAnswer(frame);
            case 2 -> dns(frame);
            case 3 -> cldap(frame);
            case 4 -> Payload.holdsAny(frame, 0, SSDP_ANSWERS);
            case 5, 6 -> text(frame);
            case 7 -> snmp(frame);
            case 8 -> nameAnswer(frame);
            case 9 -> portmap(frame);
            case 10 -> rip(frame);
            case 11 -> tftp(frame);
            case 12 -> nameAnswer(frame);
            case 13 -> quake(frame);
            case 14 -> steam(frame);
            case 15 -> bencodedDictionary(frame);
            case 16 -> soap(frame);
            case 17 -> slp(frame);
            case 18 -> frame.payloadLength() <= TP240_MAX_BYTES && text(frame);
            case 19 -> Payload.holds(frame, 0, DHIP);
            case 20 -> Payload.has(frame, 4) && Payload.u16(frame, 0) == 0x810a;
            case 21 -> coap(frame);
            case 22 -> Payload.holds(frame, 0, SIP);
            case 23 -> Payload.has(frame, 3) && Payload.u8(frame, 0) == 5;
            case 24 -> ipmi(frame);
            case 25 -> Payload.holdsAny(frame, 0, PLEX);
            case 26 -> xml(frame);
            default -> false;
        };
    }

    /** memcached protocol.txt, "UDP protocol": request id, sequence, total, reserved; then the answer's text. */
    private static boolean memcached(FrameSlot frame) {
        if (!Payload.has(frame, MEMCACHED_HEADER_BYTES)) {
            return false;
        }
        int sequence = Payload.u16(frame, 2);
        int total = Payload.u16(frame, 4);
        if (sequence >= total || Payload.u16(frame, 6) != 0) {
            return false;
        }
        return sequence > 0
                || Payload.holdsAny(frame, MEMCACHED_HEADER_BYTES, MEMCACHED_ANSWERS)
                || (Payload.has(frame, MEMCACHED_HEADER_BYTES + 1)
                        && Payload.u8(frame, MEMCACHED_HEADER_BYTES) == MEMCACHED_BINARY_ANSWER);
    }

    /** RFC 1035 section 4.1.1: QR 1, opcode QUERY, Z 0, at most one question. */
    private static boolean dns(FrameSlot frame) {
        return Payload.has(frame, DNS_HEADER_BYTES)
                && (Payload.u8(frame, 2) & 0xf8) == 0x80
                && (Payload.u8(frame, 3) & 0x40) == 0
                && Payload.u16(frame, 4) <= 1;
    }

    /** NetBIOS names (RFC 1002 section 4.2.1.1) and mDNS (RFC 6762 section 18.2): a DNS header with QR 1. */
    private static boolean nameAnswer(FrameSlot frame) {
        return Payload.has(frame, DNS_HEADER_BYTES) && (Payload.u8(frame, 2) & 0x80) != 0;
    }

    /** RFC 4511 section 4.1.1: message id, then searchResEntry or searchResDone. */
    private static boolean cldap(FrameSlot frame) {
        int operation = Ber.tag(frame, Ber.skip(frame, Ber.content(frame, 0, Ber.SEQUENCE), Ber.INTEGER));
        return operation == 0x64 || operation == 0x65;
    }

    private static boolean text(FrameSlot frame) {
        int bytes = Math.min(TEXT_BYTES, frame.payloadLength());
        if (bytes == 0 || !Payload.has(frame, bytes)) {
            return false;
        }
        for (int at = 0; at < bytes; at++) {
            int c = Payload.u8(frame, at);
            boolean printable = (c >= ' ' && c <= '~') || c == '\r' || c == '\n' || c == '\t';
            if (!printable) {
                return false;
            }
        }
        return true;
    }

    private static boolean snmp(FrameSlot frame) {
        int pdu = Snmp.pdu(frame);
        return pdu == Snmp.RESPONSE || pdu == Snmp.REPORT;
    }

    /** RFC 5531 section 9: any xid, message type REPLY, accepted or denied. */
    private static boolean portmap(FrameSlot frame) {
        return Payload.has(frame, 12) && Payload.i32(frame, 4) == 1 && Payload.i32(frame, 8) >>> 1 == 0;
    }

    /** RFC 1058 section 3.1, RFC 2453 section 4: command response, version 1 or 2, zero. */
    private static boolean rip(FrameSlot frame) {
        if (!Payload.has(frame, 4)) {
            return false;
        }
        int header = Payload.i32(frame, 0);
        return header == 0x0201_0000 || header == 0x0202_0000;
    }

    /** RFC 1350 section 5: DATA or ERROR. */
    private static boolean tftp(FrameSlot frame) {
        if (!Payload.has(frame, 4)) {
            return false;
        }
        int opcode = Payload.u16(frame, 0);
        return opcode == 3 || opcode == 5;
    }

    /** Out-of-band message of the Quake engines. */
    private static boolean quake(FrameSlot frame) {
        return Payload.has(frame, 4) && Payload.i32(frame, 0) == -1;
    }

    /** Source engine queries: info, players, rules and challenge answers. */
    private static boolean steam(FrameSlot frame) {
        if (!quake(frame) || !Payload.has(frame, 5)) {
            return false;
        }
        int kind = Payload.u8(frame, 4);
        return kind == 'I' || kind == 'D' || kind == 'E' || kind == 'A';
    }

    /** BEP 3, BEP 5: a dictionary, whose first key is a string of 1 to 99 bytes. */
    private static boolean bencodedDictionary(FrameSlot frame) {
        if (!Payload.has(frame, 3) || Payload.u8(frame, 0) != 'd' || !isDigit(Payload.u8(frame, 1))) {
            return false;
        }
        int second = Payload.u8(frame, 2);
        return second == ':' || (isDigit(second) && Payload.has(frame, 4) && Payload.u8(frame, 3) == ':');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** SOAP-over-UDP 1.1: an XML declaration or the envelope itself. */
    private static boolean soap(FrameSlot frame) {
        return Payload.holdsAny(frame, 0, XML)
                || (Payload.has(frame, 1)
                        && Payload.u8(frame, 0) == '<'
                        && Payload.contains(frame, SOAP_ENVELOPE, SOAP_WITHIN_BYTES));
    }

    /** RFC 2608 section 8: version 2; service, attribute or service type reply, or agent advertisement. */
    private static boolean slp(FrameSlot frame) {
        if (!Payload.has(frame, 2) || Payload.u8(frame, 0) != 2) {
            return false;
        }
        int function = Payload.u8(frame, 1);
        return function == 2 || function == 7 || function == 8 || function == 10;
    }

    /** RFC 7252 section 3: version 1, a token of at most 8 bytes, a response code. */
    private static boolean coap(FrameSlot frame) {
        return Payload.has(frame, 4)
                && Payload.u8(frame, 0) >>> 6 == 1
                && (Payload.u8(frame, 0) & 15) <= 8
                && Payload.u8(frame, 1) >= 0x40;
    }

    /** RMCP (DMTF DSP0136 section 3.2.2): version 6, no acknowledgement, class ASF or IPMI. */
    private static boolean ipmi(FrameSlot frame) {
        return Payload.has(frame, 4) && (Payload.i32(frame, 0) == 0x0600_ff07 || Payload.i32(frame, 0) == 0x0600_ff06);
    }

    private static boolean xml(FrameSlot frame) {
        if (!Payload.has(frame, 2) || Payload.u8(frame, 0) != '<') {
            return false;
        }
        int c = Payload.u8(frame, 1);
        return c == '?' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static byte[][] ascii(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            all[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
        }
        return all;
    }
}
