package io.breakwater.engine.frame;

import io.breakwater.engine.HotPath;

/**
 * Finds the outermost IP header of a frame, and the ports behind it. Never throws, whatever the bytes are; every read is
 * checked against the captured length first.
 *
 * <p>The ways down: Ethernet, raw IP or Linux cooked; any number of VLAN tags; IPv4 with options; AH (RFC 4302); IPv6
 * with extension headers (RFC 8200); UDP (RFC 768) and TCP ports. The inside of a tunnel is not looked at.
 *
 * <p><b>Malformed</b> is a frame whose IP version contradicts its EtherType; with an IHL below 5; whose IPv4 total
 * length is below its header or beyond the frame; whose IPv6 payload length is beyond the frame; with an extension
 * header or VLAN tag that runs past the end; with a UDP length below 8, or beyond the IP payload of an unfragmented
 * datagram; too short for its UDP or TCP ports; or a fragment whose end passes 65,535. Bytes after the IP length are
 * padding. Checksums are not verified: cards offload them.
 *
 * <p>A frame cut by its capture's snap length is judged by its original length. Where the captured bytes end, decoding
 * ends: what was found stays, and what was not captured settles nothing.
 */
@HotPath
public final class FrameDecoder {
    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int SLL_HEADER_BYTES = 16;
    private static final int SLL2_HEADER_BYTES = 20;
    private static final int VLAN_TAG_BYTES = 4;
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    // IEEE 802 EtherTypes (linux/if_ether.h)
    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_QINQ = 0x88a8;
    private static final int TYPE_QINQ_OLD_1 = 0x9100;
    private static final int TYPE_QINQ_OLD_2 = 0x9200;
    private static final int TYPE_MAC_CONTROL = 0x8808;
    private static final int OPCODE_PAUSE = 0x0001;
    private static final int OPCODE_PRIORITY_PAUSE = 0x0101;

    // IPv4 header, RFC 791
    private static final int IPV4_HEADER_BYTES = 20;
    // In its first eight bytes, down to the 16 bits of flags and fragment offset.
    private static final int IPV4_IHL_SHIFT = 56;
    private static final int IPV4_TOTAL_LENGTH_SHIFT = 32;
    private static final int IPV4_ID_SHIFT = 16;
    // In the eight bytes behind them, down to the 32 bits of the source.
    private static final int IPV4_SECOND_OFFSET = 8;
    private static final int IPV4_PROTOCOL_SHIFT = 48;
    private static final int IPV4_DESTINATION_OFFSET = 16;
    private static final int IPV4_MORE_FRAGMENTS = 0x2000;
    private static final int IPV4_OFFSET_MASK = 0x1fff;

    // IPv6 header, RFC 8200
    private static final int IPV6_HEADER_BYTES = 40;
    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;
    private static final int IPV6_SOURCE_OFFSET = 8;
    private static final int IPV6_DESTINATION_OFFSET = 24;
    private static final int FRAGMENT_HEADER_BYTES = 8;

    // IANA protocol numbers
    private static final int HOP_BY_HOP = 0;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AH = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MOBILITY = 135;
    private static final int HIP = 139;
    private static final int SHIM6 = 140;

    private static final int UDP_HEADER_BYTES = 8;
    private static final int UDP_LENGTH_OFFSET = 4;
    private static final int PORTS_BYTES = 4;

    private FrameDecoder() {}

    /** Decodes the frame that the slot names; the findings replace those of the slot's last frame. */
    public static void decode(FrameSlot slot) {
        slot.clear();
        switch (slot.linkLayer()) {
            case LinkLayer.ETHERNET -> ethernet(slot);
            case LinkLayer.RAW_IP -> rawIp(slot);
            case LinkLayer.RAW_IPV4 -> ipv4(slot, 0);
            case LinkLayer.RAW_IPV6 -> ipv6(slot, 0);
            case LinkLayer.LINUX_SLL -> cooked(slot, SLL_HEADER_BYTES, 14);
            case LinkLayer.LINUX_SLL2 -> cooked(slot, SLL2_HEADER_BYTES, 0);
            default -> slot.status = FrameSlot.NON_IP;
        }
        slot.decoded = true;
    }

    private static void ethernet(FrameSlot slot) {
        if (slot.capturedLength() < ETHERNET_HEADER_BYTES) {
            return;
        }
        int etherType = slot.u16(12);
        if (etherType == TYPE_MAC_CONTROL) {
            macControl(slot);
        } else {
            tagged(slot, etherType, ETHERNET_HEADER_BYTES);
        }
    }

    private static void macControl(FrameSlot slot) {
        if (slot.capturedLength() < ETHERNET_HEADER_BYTES + 2) {
            return;
        }
        int opcode = slot.u16(ETHERNET_HEADER_BYTES);
        if (opcode == OPCODE_PAUSE || opcode == OPCODE_PRIORITY_PAUSE) {
            slot.status = FrameSlot.MAC_PAUSE;
        }
    }

    private static void cooked(FrameSlot slot, int headerBytes, int typeOffset) {
        if (slot.capturedLength() >= headerBytes) {
            tagged(slot, slot.u16(typeOffset), headerBytes);
        }
    }

    /** The link type says that this is IP: a version that is neither 4 nor 6 contradicts it as an EtherType would. */
    private static void rawIp(FrameSlot slot) {
        if (slot.capturedLength() > 0 && slot.u8(0) >>> 4 == 6) {
            ipv6(slot, 0);
        } else {
            ipv4(slot, 0);
        }
    }

    /** Walks over VLAN tags; {@code at} is where the header that {@code etherType} names begins. */
    private static void tagged(FrameSlot slot, int etherType, int at) {
        int type = etherType;
        int header = at;
        while (isVlan(type)) {
            if (header + VLAN_TAG_BYTES > slot.length()) {
                slot.status = FrameSlot.MALFORMED;
                return;
            }
            if (header + VLAN_TAG_BYTES > slot.capturedLength()) {
                return;
            }
            type = slot.u16(header + 2);
            header += VLAN_TAG_BYTES;
        }
        if (type == TYPE_IPV4) {
            ipv4(slot, header);
        } else if (type == TYPE_IPV6) {
            ipv6(slot, header);
        }
    }

    private static boolean isVlan(int type) {
        return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD_1 || type == TYPE_QINQ_OLD_2;
    }

    private static void ipv4(FrameSlot slot, int at) {
        int captured = slot.capturedLength() - at;
        int available = slot.length() - at;
        if (available < IPV4_HEADER_BYTES || (captured >= 1 && !isIpv4(slot.u8(at)))) {
            slot.status = FrameSlot.MALFORMED;
            return;
        }
        if (captured < IPV4_HEADER_BYTES) {
            return;
        }
        // Three reads instead of one for each field.
        long first = slot.i64(at);
        long second = slot.i64(at + IPV4_SECOND_OFFSET);
        slot.ipv4 = true;
        slot.networkOffset = at;
        slot.sourceHi = 0;
        slot.sourceLo = second & 0xffff_ffffL;
        slot.destinationHi = 0;
        slot.destinationLo = slot.i32(at + IPV4_DESTINATION_OFFSET) & 0xffff_ffffL;
        int headerBytes = (int) (first >>> IPV4_IHL_SHIFT & 15) * 4;
        int totalLength = (int) (first >>> IPV4_TOTAL_LENGTH_SHIFT) & 0xffff;
        if (totalLength < headerBytes || totalLength > available) {
            slot.status = FrameSlot.MALFORMED;
            return;
        }
        slot.status = FrameSlot.IP;
        int protocol = (int) (second >>> IPV4_PROTOCOL_SHIFT) & 0xff;
        ipv4Fragment(slot, first, totalLength, protocol);
        if (slot.status == FrameSlot.IP) {
            upperLayer(slot, protocol, at + headerBytes, at + totalLength);
        }
    }

    /** Version 4 and an IHL of at least 5, in one byte. */
    private static boolean isIpv4(int versionAndIhl) {
        return versionAndIhl >= 0x45 && versionAndIhl <= 0x4f;
    }

    /** @param first the first eight bytes of the header */
    private static void ipv4Fragment(FrameSlot slot, long first, int totalLength, int protocol) {
        int word = (int) first & 0xffff;
        int fragmentOffset = (word & IPV4_OFFSET_MASK) * 8;
        if (fragmentOffset == 0 && (word & IPV4_MORE_FRAGMENTS) == 0) {
            return;
        }
        slot.fragmentHeader = true;
        slot.fragment = (byte) (fragmentOffset == 0 ? FrameSlot.FIRST_FRAGMENT : FrameSlot.LATER_FRAGMENT);
        slot.fragmentId = (int) (first >>> IPV4_ID_SHIFT) & 0xffff;
        slot.fragmentProtocol = (short) protocol;
        if (fragmentOffset + totalLength > MAX_DATAGRAM_BYTES) {
            slot.status = FrameSlot.MALFORMED;
        }
    }

    private static void ipv6(FrameSlot slot, int at) {
        int captured = slot.capturedLength() - at;
        int available = slot.length() - at;
        if (available < IPV6_HEADER_BYTES || (captured >= 1 && slot.u8(at) >>> 4 != 6)) {
            slot.status = FrameSlot.MALFORMED;
            return;
        }
        if (captured < IPV6_HEADER_BYTES) {
            return;
        }
        slot.networkOffset = at;
        slot.sourceHi = slot.i64(at + IPV6_SOURCE_OFFSET);
        slot.sourceLo = slot.i64(at + IPV6_SOURCE_OFFSET + 8);
        slot.destinationHi = slot.i64(at + IPV6_DESTINATION_OFFSET);
        slot.destinationLo = slot.i64(at + IPV6_DESTINATION_OFFSET + 8);
        int payloadLength = slot.u16(at + IPV6_PAYLOAD_LENGTH_OFFSET);
        if (IPV6_HEADER_BYTES + payloadLength > available) {
            slot.status = FrameSlot.MALFORMED;
            return;
        }
        slot.status = FrameSlot.IP;
        int header = at + IPV6_HEADER_BYTES;
        upperLayer(slot, slot.u8(at + IPV6_NEXT_HEADER_OFFSET), header, header + payloadLength);
    }

    /**
     * Walks over AH and, in IPv6, extension headers to the upper layer.
     *
     * @param firstProtocol what the header at {@code start} is
     * @param start offset of that header
     * @param end offset of the first byte behind the IP payload
     */
    private static void upperLayer(FrameSlot slot, int firstProtocol, int start, int end) {
        int protocol = firstProtocol;
        int at = start;
        while (slot.fragment != FrameSlot.LATER_FRAGMENT && isExtension(slot, protocol)) {
            if (at + 8 > end) {
                slot.status = FrameSlot.MALFORMED;
                return;
            }
            if (at + 8 > slot.capturedLength()) {
                return;
            }
            int next = slot.u8(at);
            int headerBytes = extensionBytes(slot, protocol, at);
            if (at + headerBytes > end) {
                slot.status = FrameSlot.MALFORMED;
                return;
            }
            if (protocol == FRAGMENT) {
                ipv6Fragment(slot, at, next, start, end);
                if (slot.status != FrameSlot.IP) {
                    return;
                }
            }
            at += headerBytes;
            protocol = next;
        }
        slot.protocol = (short) protocol;
        if (slot.fragment != FrameSlot.LATER_FRAGMENT) {
            slot.transportOffset = at;
            transport(slot, protocol, at, end);
        }
    }

    private static boolean isExtension(FrameSlot slot, int protocol) {
        return switch (protocol) {
            case AH -> true;
            case HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS, MOBILITY, HIP, SHIM6 -> !slot.ipv4;
            default -> false;
        };
    }

    private static int extensionBytes(FrameSlot slot, int protocol, int at) {
        return switch (protocol) {
            case FRAGMENT -> FRAGMENT_HEADER_BYTES;
            case AH -> (slot.u8(at + 1) + 2) * 4;
            default -> (slot.u8(at + 1) + 1) * 8;
        };
    }

    /**
     * RFC 8200 section 4.5; offset 0 without more fragments is an atomic fragment (RFC 6946), which is whole. Of several
     * fragment headers, which RFC 8200 section 4.1 does not foresee, the outermost real one names the datagram, and any
     * one with an offset hides the ports.
     *
     * <p>The end is judged as RFC 8200 does: the reassembled datagram's payload length, which counts the extension
     * headers before the fragment header but not the IPv6 header, must fit its 16 bits. A whole UDP datagram of 65,535
     * bytes is legal.
     */
    private static void ipv6Fragment(FrameSlot slot, int at, int next, int payloadStart, int end) {
        int word = slot.u16(at + 2);
        int fragmentOffset = word & 0xfff8;
        slot.fragmentHeader = true;
        if (fragmentOffset == 0 && (word & 1) == 0) {
            return;
        }
        if (slot.fragment == FrameSlot.WHOLE) {
            slot.fragmentId = slot.i32(at + 4);
            slot.fragmentProtocol = (short) next;
        }
        slot.fragment = (byte) (fragmentOffset == 0 ? FrameSlot.FIRST_FRAGMENT : FrameSlot.LATER_FRAGMENT);
        int unfragmentableBytes = at - payloadStart;
        int dataBytes = end - at - FRAGMENT_HEADER_BYTES;
        if (unfragmentableBytes + fragmentOffset + dataBytes > MAX_DATAGRAM_BYTES) {
            slot.status = FrameSlot.MALFORMED;
        }
    }

    private static void transport(FrameSlot slot, int protocol, int at, int end) {
        if (protocol != UDP && protocol != TCP) {
            return;
        }
        int bytes = end - at;
        boolean whole = slot.fragment == FrameSlot.WHOLE;
        if (bytes < PORTS_BYTES || (whole && protocol == UDP && bytes < UDP_HEADER_BYTES)) {
            slot.status = FrameSlot.MALFORMED;
            return;
        }
        if (at + PORTS_BYTES > slot.capturedLength()) {
            return;
        }
        int ports = slot.i32(at);
        slot.sourcePort = ports >>> 16;
        slot.destinationPort = ports & 0xffff;
        if (protocol == UDP) {
            udp(slot, at, bytes, whole);
        }
    }

    private static void udp(FrameSlot slot, int at, int bytes, boolean whole) {
        if (bytes < UDP_LENGTH_OFFSET + 2 || at + UDP_LENGTH_OFFSET + 2 > slot.capturedLength()) {
            return;
        }
        int udpLength = slot.u16(at + UDP_LENGTH_OFFSET);
        if (udpLength < UDP_HEADER_BYTES || (whole && udpLength > bytes)) {
            slot.status = FrameSlot.MALFORMED;
            return;
        }
        slot.payloadOffset = at + UDP_HEADER_BYTES;
        slot.payloadLength = Math.max(0, Math.min(udpLength, bytes) - UDP_HEADER_BYTES);
        slot.payloadCaptured = Math.max(0, Math.min(slot.payloadLength, slot.capturedLength() - at - UDP_HEADER_BYTES));
    }
}
