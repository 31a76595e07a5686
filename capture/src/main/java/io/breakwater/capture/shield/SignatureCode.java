package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.FramePart;
import io.breakwater.capture.bpf.Reg;
import io.breakwater.capture.bpf.Size;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Writes response signatures, as {@code Signatures} has them; those that take a search or a look at nested lengths are
 * not here, and their vectors stay Java's.
 *
 * <p>R7 is at the UDP header and R9 holds the length of its payload, all of which is in the frame.
 */
final class SignatureCode {
    private static final Set<String> KNOWN = Set.of(
            "ssdp", "mdns", "netbios", "ws-discovery", "dhdiscover", "bacnet", "mssql", "plex", "jenkins", "ntp");

    private static final int PAYLOAD = 8;

    private final Assembler code;

    SignatureCode(Assembler code) {
        this.code = code;
    }

    /** Whether {@link #write} knows a signature. */
    static boolean knows(String name) {
        return KNOWN.contains(name);
    }

    /** Jumps to {@code match}, or to Java if the frame does not bear the signature (or that is not certain). */
    void write(String name, String match) {
        switch (name) {
            case "ssdp" -> beginsWithAny(match, "HTTP/1.1 200", "HTTP/1.0 200", "NOTIFY *");
            case "plex" -> beginsWithAny(match, "HTTP/1.");
            case "dhdiscover" -> beginsWithAny(match, " \0\0\0DHIP");
            case "bacnet" -> bacnet(match);
            case "mssql" -> mssql(match);
            case "ws-discovery" -> beginsWithAny(match, "<?xml"); // one that begins otherwise is searched by Java
            case "mdns", "netbios" -> nameAnswer(match);
            case "jenkins" -> xml(match);
            case "ntp" -> ntpModes(match);
            default -> throw new IllegalArgumentException(name);
        }
    }

    /** RFC 1002 section 4.2.1.1, RFC 6762 section 18.2: a DNS header with QR 1. */
    private void nameAnswer(String match) {
        need(12);
        u8(2);
        code.jumpIf(Condition.ANY_BIT, Reg.R2, 0x80, match);
        code.jump(FramePart.PASS);
    }

    private void bacnet(String match) {
        need(4);
        u16(0);
        code.jumpIf(Condition.EQUAL, Reg.R2, 0x810a, match);
        code.jump(FramePart.PASS);
    }

    private void mssql(String match) {
        need(3);
        u8(0);
        code.jumpIf(Condition.EQUAL, Reg.R2, 5, match);
        code.jump(FramePart.PASS);
    }

    /** A tag: an angle bracket, then a question mark or a letter. */
    private void xml(String match) {
        need(2);
        u8(0);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R2, '<', FramePart.PASS);
        u8(1);
        code.jumpIf(Condition.EQUAL, Reg.R2, '?', match);
        code.move(Reg.R3, 0x20);
        code.or(Reg.R2, Reg.R3); // lower case
        code.jumpIf(Condition.BELOW, Reg.R2, 'a', FramePart.PASS);
        code.jumpIf(Condition.AT_MOST, Reg.R2, 'z', match);
        code.jump(FramePart.PASS);
    }

    /** RFC 5905 section 7.3: answers in mode 6, whose bit is in byte 1, and in mode 7, whose is in byte 0. */
    void ntpModes(String match) {
        String control = code.newLabel("mode6");
        need(1);
        u8(0);
        code.move(Reg.R3, Reg.R2);
        code.and(Reg.R3, 7);
        code.jumpIf(Condition.EQUAL, Reg.R3, 6, control);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R3, 7, FramePart.PASS);
        code.jumpIf(Condition.ANY_BIT, Reg.R2, 0x80, match);
        code.jump(FramePart.PASS);
        code.label(control);
        need(2);
        u8(1);
        code.jumpIf(Condition.ANY_BIT, Reg.R2, 0x80, match);
        code.jump(FramePart.PASS);
    }

    private void beginsWithAny(String match, String... texts) {
        for (int i = 0; i < texts.length; i++) {
            boolean last = i == texts.length - 1;
            String next = last ? FramePart.PASS : code.newLabel("text");
            beginsWith(texts[i], next);
            code.jump(match);
            if (!last) {
                code.label(next);
            }
        }
    }

    /** Goes on if the payload begins so; four bytes at a time, in the machine's order. */
    private void beginsWith(String text, String otherwise) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        need(bytes.length, otherwise);
        int at = 0;
        for (; at + 4 <= bytes.length; at += 4) {
            code.load(Size.WORD, Reg.R2, Reg.R7, PAYLOAD + at);
            code.fromNetwork(Reg.R2, 32);
            code.jumpIf(Condition.NOT_EQUAL, Reg.R2, ByteBuffer.wrap(bytes).getInt(at), otherwise);
        }
        for (; at < bytes.length; at++) {
            u8(at);
            code.jumpIf(Condition.NOT_EQUAL, Reg.R2, bytes[at] & 0xff, otherwise);
        }
    }

    private void need(int bytes) {
        need(bytes, FramePart.PASS);
    }

    private void need(int bytes, String otherwise) {
        code.jumpIf(Condition.BELOW, Reg.R9, bytes, otherwise);
        code.move(Reg.R1, Reg.R7);
        code.add(Reg.R1, PAYLOAD + bytes);
        code.jumpIf(Condition.ABOVE, Reg.R1, Reg.R8, FramePart.PASS); // for the verifier: the payload is in the frame
    }

    private void u8(int at) {
        code.load(Size.BYTE, Reg.R2, Reg.R7, PAYLOAD + at);
    }

    private void u16(int at) {
        code.load(Size.HALF, Reg.R2, Reg.R7, PAYLOAD + at);
        code.fromNetwork(Reg.R2, 16);
    }
}
