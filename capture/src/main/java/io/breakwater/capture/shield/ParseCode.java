package io.breakwater.capture.shield;

import io.breakwater.capture.bpf.Assembler;
import io.breakwater.capture.bpf.BpfMap;
import io.breakwater.capture.bpf.Condition;
import io.breakwater.capture.bpf.FramePart;
import io.breakwater.capture.bpf.Helper;
import io.breakwater.capture.bpf.Reg;
import io.breakwater.capture.bpf.Size;
import org.jspecify.annotations.Nullable;

/**
 * Writes the way from a frame's first byte to its ports, step by step as {@code FrameDecoder} goes it; a frame that goes
 * further than this code can is passed to Java.
 *
 * <p>R6 holds the {@code xdp_md}, R7 the header that is looked at, R8 the frame's end, R9 what is left of the IP
 * payload from R7 on. It goes on at one of its labels:
 *
 * <ul>
 *   <li>{@link #UDP}: R7 at the UDP header, all of which is there; R9 the length of the UDP payload
 *   <li>{@link #TCP}: R7 at the TCP header, whose ports are there
 *   <li>{@link #OTHER}: a whole datagram of another protocol
 *   <li>{@link #LATER_FRAGMENT}: one without ports
 *   <li>{@link #MALFORMED}, for what is no first fragment
 * </ul>
 */
final class ParseCode {
    static final String UDP = "udp";
    static final String TCP = "tcp";
    static final String OTHER = "other";
    static final String LATER_FRAGMENT = "later-fragment";
    static final String MALFORMED = "malformed";

    /** VLAN tags that are walked over. */
    private static final int TAGS = 4;
    /** AH headers of an IPv4 packet, and extension headers of an IPv6 packet, that are walked over. */
    private static final int AH_HEADERS = 1;

    private static final int EXTENSION_HEADERS = 4;

    private static final int[] VLAN_TYPES = {0x8100, 0x88a8, 0x9100, 0x9200};
    private static final int[] EXTENSIONS = {0, 43, 60, 135, 139, 140}; // IANA protocol numbers
    private static final int FRAGMENT = 44;
    private static final int AH = 51;
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private final Assembler code;
    private final @Nullable BpfMap sources4;
    private final @Nullable BpfMap sources6;

    /** @param sources4 as {@link SourceRules#table} makes it; null if sources do not matter */
    ParseCode(Assembler code, @Nullable BpfMap sources4, @Nullable BpfMap sources6) {
        this.code = code;
        this.sources4 = sources4;
        this.sources6 = sources6;
    }

    void write() {
        code.load(Size.WORD, Reg.R7, Reg.R6, 0); // struct xdp_md: data, data_end
        code.load(Size.WORD, Reg.R8, Reg.R6, 4);
        need(14, FramePart.PASS);
        loadBe16(Reg.R5, 12);
        code.add(Reg.R7, 14);
        for (int tag = 0; tag < TAGS; tag++) {
            goByType(tag);
            need(4, MALFORMED);
            loadBe16(Reg.R5, 2);
            code.add(Reg.R7, 4);
        }
        code.jumpIf(Condition.EQUAL, Reg.R5, 0x0800, "ipv4");
        code.jumpIf(Condition.EQUAL, Reg.R5, 0x86dd, "ipv6");
        code.jump(FramePart.PASS);
        code.label("ipv4");
        ipv4();
        code.label("ipv6");
        ipv6();
        code.label("udp-header");
        udp();
        code.label("tcp-header");
        code.jumpIf(Condition.BELOW, Reg.R9, 4, MALFORMED);
        need(4, FramePart.PASS);
        code.jump(TCP);
    }

    /** To the IP header, on past a tag, or to Java. */
    private void goByType(int tag) {
        String tagged = "tag" + tag;
        code.jumpIf(Condition.EQUAL, Reg.R5, 0x0800, "ipv4");
        code.jumpIf(Condition.EQUAL, Reg.R5, 0x86dd, "ipv6");
        for (int type : VLAN_TYPES) {
            code.jumpIf(Condition.EQUAL, Reg.R5, type, tagged);
        }
        code.jump(FramePart.PASS);
        code.label(tagged);
    }

    private void ipv4() {
        need(20, MALFORMED);
        code.load(Size.BYTE, Reg.R2, Reg.R7, 0);
        code.move(Reg.R3, Reg.R2);
        code.shiftRight(Reg.R3, 4);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R3, 4, MALFORMED);
        code.and(Reg.R2, 15);
        code.jumpIf(Condition.BELOW, Reg.R2, 5, MALFORMED);
        code.shiftLeft(Reg.R2, 2);
        loadBe16(Reg.R9, 2);
        code.jumpIf(Condition.BELOW, Reg.R9, Reg.R2, MALFORMED);
        jumpIfBeyondFrame();
        ipv4Fragment();
        code.label("ipv4-whole");
        ipv4Addresses();
        code.load(Size.BYTE, Reg.R2, Reg.R7, 0);
        code.and(Reg.R2, 15);
        code.shiftLeft(Reg.R2, 2);
        code.load(Size.BYTE, Reg.R5, Reg.R7, 9);
        code.subtract(Reg.R9, Reg.R2);
        code.add(Reg.R7, Reg.R2);
        walk(true, AH_HEADERS);
    }

    /** R9 holds the total length. */
    private void ipv4Fragment() {
        loadBe16(Reg.R3, 6);
        code.jumpIf(Condition.ANY_BIT, Reg.R3, 0x1fff, "ipv4-later");
        code.jumpIf(Condition.ANY_BIT, Reg.R3, 0x2000, FramePart.PASS);
        code.jump("ipv4-whole");
        code.label("ipv4-later");
        code.and(Reg.R3, 0x1fff);
        code.shiftLeft(Reg.R3, 3);
        code.add(Reg.R3, Reg.R9);
        code.jumpIf(Condition.ABOVE, Reg.R3, MAX_DATAGRAM_BYTES, MALFORMED);
        ipv4Addresses();
        code.jump(LATER_FRAGMENT);
    }

    private void ipv4Addresses() {
        code.load(Size.WORD, Reg.R2, Reg.R7, 16);
        code.store(Size.DOUBLE, Reg.R10, Stack.DESTINATION, Reg.R2);
        code.store(Size.DOUBLE, Reg.R10, Stack.DESTINATION + 8, 0);
        code.store(Size.WORD, Reg.R10, Stack.FAMILY, 4);
        if (sources4 != null) {
            code.load(Size.WORD, Reg.R2, Reg.R7, 12);
            code.store(Size.WORD, Reg.R10, Stack.SOURCE, Reg.R2);
            lookUpSource(sources4, 32);
            // 224.0.0.0/24 belongs to the link: RFC 5771, section 4.
            String judged = code.newLabel("judged");
            code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.SPOOFED | SourceRules.MONITORED, judged + "?");
            code.jump(judged);
            code.label(judged + "?");
            code.load(Size.WORD, Reg.R2, Reg.R7, 16);
            code.fromNetwork(Reg.R2, 32);
            code.shiftRight(Reg.R2, 8);
            code.jumpIf(Condition.EQUAL, Reg.R2, 0xe00000, FramePart.PASS);
            code.label(judged);
        }
    }

    private void ipv6() {
        need(40, MALFORMED);
        code.load(Size.BYTE, Reg.R2, Reg.R7, 0);
        code.shiftRight(Reg.R2, 4);
        code.jumpIf(Condition.NOT_EQUAL, Reg.R2, 6, MALFORMED);
        loadBe16(Reg.R9, 4);
        code.add(Reg.R9, 40);
        jumpIfBeyondFrame();
        code.add(Reg.R9, -40);
        ipv6Addresses();
        code.load(Size.BYTE, Reg.R5, Reg.R7, 6);
        code.add(Reg.R7, 40);
        walk(false, EXTENSION_HEADERS);
    }

    private void ipv6Addresses() {
        for (int at = 0; at < 16; at += 8) {
            code.load(Size.DOUBLE, Reg.R2, Reg.R7, 24 + at);
            code.store(Size.DOUBLE, Reg.R10, Stack.DESTINATION + at, Reg.R2);
        }
        code.store(Size.WORD, Reg.R10, Stack.FAMILY, 6);
        if (sources6 != null) {
            for (int at = 0; at < 16; at += 4) {
                code.load(Size.WORD, Reg.R2, Reg.R7, 8 + at);
                code.store(Size.WORD, Reg.R10, Stack.SOURCE + at, Reg.R2);
            }
            lookUpSource(sources6, 128);
            // ff02::/16 belongs to the link: RFC 4291, section 2.7.
            code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.SPOOFED | SourceRules.MONITORED, "judged6?");
            code.jump("judged6");
            code.label("judged6?");
            loadBe16(Reg.R2, 24);
            code.jumpIf(Condition.EQUAL, Reg.R2, 0xff02, FramePart.PASS);
            code.label("judged6");
        }
    }

    /** Leaves what the rules say in R1 and on the stack; a trusted frame passes at once. */
    private void lookUpSource(BpfMap sources, int bits) {
        code.store(Size.WORD, Reg.R10, Stack.SOURCE_KEY, bits);
        code.move(Reg.R2, Reg.R10);
        code.add(Reg.R2, Stack.SOURCE_KEY);
        code.map(Reg.R1, sources);
        code.call(Helper.MAP_LOOKUP);
        code.jumpIf(Condition.EQUAL, Reg.R0, 0, FramePart.PASS);
        code.load(Size.WORD, Reg.R1, Reg.R0, 0);
        code.store(Size.WORD, Reg.R10, Stack.SOURCE_FLAGS, Reg.R1);
        code.jumpIf(Condition.ANY_BIT, Reg.R1, SourceRules.TRUSTED | SourceRules.UNCLEAR, FramePart.PASS);
    }

    /** Over AH and, in IPv6, extension headers; R5 holds the protocol of the header at R7. */
    private void walk(boolean ipv4, int headers) {
        String name = ipv4 ? "ah" : "ext";
        for (int header = 0; header < headers; header++) {
            goByProtocol(ipv4, name + header);
            code.label(name + header);
            extension(ipv4, name + header);
        }
        goByProtocol(ipv4, FramePart.PASS);
    }

    private void goByProtocol(boolean ipv4, String extension) {
        code.jumpIf(Condition.EQUAL, Reg.R5, 17, "udp-header");
        code.jumpIf(Condition.EQUAL, Reg.R5, 6, "tcp-header");
        code.jumpIf(Condition.EQUAL, Reg.R5, AH, extension);
        if (!ipv4) {
            code.jumpIf(Condition.EQUAL, Reg.R5, FRAGMENT, FramePart.PASS);
            for (int number : EXTENSIONS) {
                code.jumpIf(Condition.EQUAL, Reg.R5, number, extension);
            }
        }
        code.jump(OTHER);
    }

    private void extension(boolean ipv4, String name) {
        code.jumpIf(Condition.BELOW, Reg.R9, 8, MALFORMED);
        need(8, FramePart.PASS);
        code.load(Size.BYTE, Reg.R2, Reg.R7, 1);
        if (!ipv4) {
            code.jumpIf(Condition.EQUAL, Reg.R5, AH, name + "-ah");
            code.add(Reg.R2, 1); // RFC 8200, section 4: in 8 bytes, the first not counted
            code.shiftLeft(Reg.R2, 3);
            code.jump(name + "-over");
            code.label(name + "-ah");
        }
        code.add(Reg.R2, 2); // RFC 4302, section 2.2: in 4 bytes, the first two not counted
        code.shiftLeft(Reg.R2, 2);
        code.label(name + "-over");
        code.jumpIf(Condition.BELOW, Reg.R9, Reg.R2, MALFORMED);
        code.load(Size.BYTE, Reg.R5, Reg.R7, 0);
        code.subtract(Reg.R9, Reg.R2);
        code.add(Reg.R7, Reg.R2);
    }

    private void udp() {
        code.jumpIf(Condition.BELOW, Reg.R9, 8, MALFORMED);
        need(8, FramePart.PASS);
        loadBe16(Reg.R2, 4);
        code.jumpIf(Condition.BELOW, Reg.R2, 8, MALFORMED);
        code.jumpIf(Condition.ABOVE, Reg.R2, Reg.R9, MALFORMED);
        code.move(Reg.R9, Reg.R2);
        code.add(Reg.R9, -8);
        code.jump(UDP);
    }

    /** Jumps if the IP length in R9 reaches beyond the frame. */
    private void jumpIfBeyondFrame() {
        code.move(Reg.R3, Reg.R8);
        code.subtract(Reg.R3, Reg.R7);
        code.jumpIf(Condition.ABOVE, Reg.R9, Reg.R3, MALFORMED);
    }

    /** Jumps if the frame has fewer bytes than these from R7 on. */
    private void need(int bytes, String otherwise) {
        code.move(Reg.R1, Reg.R7);
        code.add(Reg.R1, bytes);
        code.jumpIf(Condition.ABOVE, Reg.R1, Reg.R8, otherwise);
    }

    private void loadBe16(Reg to, int offset) {
        code.load(Size.HALF, to, Reg.R7, offset);
        code.fromNetwork(to, 16);
    }
}
