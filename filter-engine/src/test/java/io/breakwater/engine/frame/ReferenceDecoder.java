package io.breakwater.engine.frame;

/**
 * The decoder once more, slow and obvious, for the property test: over a byte array, by recursion, and with exceptions
 * for what is malformed and for what was not captured.
 */
final class ReferenceDecoder {
    int status = FrameSlot.NON_IP;
    boolean addresses;
    boolean ipv4;
    int fragment = FrameSlot.WHOLE;
    boolean anyFragmentHeader;
    long fragmentId;
    int fragmentProtocol = -1;
    int protocol = -1;
    int sourcePort = -1;
    int destinationPort = -1;
    int networkOffset = -1;
    int transportOffset = -1;
    int payloadOffset = -1;
    int payloadLength;
    int payloadCaptured;
    long[] source = {0, 0};
    long[] destination = {0, 0};

    private final byte[] bytes;
    private final int captured;
    private final int length;

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final class NotCaptured extends Exception {
        private static final long serialVersionUID = 1;
    }

    ReferenceDecoder(byte[] bytes, int captured, int length, int linkLayer) {
        this.bytes = bytes;
        this.captured = captured;
        this.length = length;
        try {
            frame(linkLayer);
        } catch (Malformed e) {
            status = FrameSlot.MALFORMED;
        } catch (NotCaptured e) {
            // What was found stays.
        }
    }

    private void frame(int linkLayer) throws Malformed, NotCaptured {
        if (linkLayer == LinkLayer.ETHERNET) {
            capturedTo(14);
            if (number(12, 2) == 0x8808) {
                capturedTo(16);
                boolean pause = number(14, 2) == 1 || number(14, 2) == 0x0101;
                status = pause ? FrameSlot.MAC_PAUSE : FrameSlot.NON_IP;
            } else {
                behindType((int) number(12, 2), 14);
            }
        } else if (linkLayer == LinkLayer.LINUX_SLL) {
            capturedTo(16);
            behindType((int) number(14, 2), 16);
        } else if (linkLayer == LinkLayer.LINUX_SLL2) {
            capturedTo(20);
            behindType((int) number(0, 2), 20);
        } else if (linkLayer == LinkLayer.RAW_IPV4) {
            ip(4, 0);
        } else if (linkLayer == LinkLayer.RAW_IPV6) {
            ip(6, 0);
        } else if (linkLayer == LinkLayer.RAW_IP) {
            boolean six = captured > 0 && number(0, 1) >> 4 == 6;
            ip(six ? 6 : 4, 0);
        }
    }

    private void behindType(int type, int at) throws Malformed, NotCaptured {
        switch (type) {
            case 0x8100, 0x88a8, 0x9100, 0x9200 -> {
                require(at + 4 <= length);
                capturedTo(at + 4);
                behindType((int) number(at + 2, 2), at + 4);
            }
            case 0x0800 -> ip(4, at);
            case 0x86dd -> ip(6, at);
            default -> status = FrameSlot.NON_IP;
        }
    }

    private void ip(int version, int at) throws Malformed, NotCaptured {
        int headerBytes = version == 4 ? 20 : 40;
        require(length - at >= headerBytes);
        if (captured > at) {
            require(number(at, 1) >> 4 == version);
            require(version == 6 || (number(at, 1) & 15) >= 5);
        }
        capturedTo(at + headerBytes);
        networkOffset = at;
        addresses = true;
        ipv4 = version == 4;
        if (ipv4) {
            source[1] = number(at + 12, 4);
            destination[1] = number(at + 16, 4);
            ipv4Body(at);
        } else {
            source = new long[] {number(at + 8, 8), number(at + 16, 8)};
            destination = new long[] {number(at + 24, 8), number(at + 32, 8)};
            int end = at + 40 + (int) number(at + 4, 2);
            require(end <= length);
            status = FrameSlot.IP;
            header((int) number(at + 6, 1), at + 40, at + 40, end);
        }
    }

    private void ipv4Body(int at) throws Malformed, NotCaptured {
        int headerBytes = (int) (number(at, 1) & 15) * 4;
        int total = (int) number(at + 2, 2);
        require(total >= headerBytes);
        require(at + total <= length);
        status = FrameSlot.IP;
        int upper = (int) number(at + 9, 1);
        boolean more = (number(at + 6, 1) & 0x20) != 0;
        int offset = (int) (number(at + 6, 2) % 8192) * 8;
        if (more || offset > 0) {
            anyFragmentHeader = true;
            fragment = offset > 0 ? FrameSlot.LATER_FRAGMENT : FrameSlot.FIRST_FRAGMENT;
            fragmentId = number(at + 4, 2);
            fragmentProtocol = upper;
            int dataBytes = total - headerBytes;
            require(headerBytes + offset + dataBytes <= 65_535);
        }
        if (offset > 0) {
            protocol = upper;
        } else {
            header(upper, at + headerBytes, at + headerBytes, at + total);
        }
    }

    /** One header of the chain; recursion goes on to the next. */
    private void header(int number, int at, int payloadStart, int end) throws Malformed, NotCaptured {
        boolean ipv6Extension = switch (number) {
            case 0, 43, 44, 60, 135, 139, 140 -> true;
            default -> false;
        };
        if (number != 51 && (ipv4 || !ipv6Extension)) {
            protocol = number;
            transportOffset = at;
            ports(number, at, end);
            return;
        }
        require(at + 8 <= end);
        capturedTo(at + 8);
        int next = (int) number(at, 1);
        int lengthByte = (int) number(at + 1, 1);
        int bytesLong = number == 44 ? 8 : number == 51 ? lengthByte * 4 + 8 : lengthByte * 8 + 8;
        require(at + bytesLong <= end);
        if (number == 44 && fragmentHeader(at, next, payloadStart, end)) {
            protocol = next;
            return;
        }
        header(next, at + bytesLong, payloadStart, end);
    }

    /** Whether the ports are in another fragment. */
    private boolean fragmentHeader(int at, int next, int payloadStart, int end) throws Malformed {
        anyFragmentHeader = true;
        int offset = (int) number(at + 2, 2) / 8 * 8;
        boolean more = number(at + 3, 1) % 2 == 1;
        if (offset == 0 && !more) {
            return false;
        }
        if (fragmentProtocol < 0) {
            fragmentProtocol = next;
            fragmentId = number(at + 4, 4);
        }
        fragment = offset > 0 ? FrameSlot.LATER_FRAGMENT : FrameSlot.FIRST_FRAGMENT;
        int before = at - payloadStart;
        int dataBytes = end - (at + 8);
        require(before + offset + dataBytes <= 65_535);
        return offset > 0;
    }

    private void ports(int number, int at, int end) throws Malformed, NotCaptured {
        if (number != 6 && number != 17) {
            return;
        }
        boolean whole = fragment == FrameSlot.WHOLE;
        require(end - at >= (whole && number == 17 ? 8 : 4));
        capturedTo(at + 4);
        sourcePort = (int) number(at, 2);
        destinationPort = (int) number(at + 2, 2);
        if (number == 17 && end - at >= 6) {
            capturedTo(at + 6);
            int udpLength = (int) number(at + 4, 2);
            require(udpLength >= 8);
            require(!whole || udpLength <= end - at);
            payloadOffset = at + 8;
            for (int i = at + 8; i < end && i < at + udpLength; i++) {
                payloadLength++;
                payloadCaptured += i < captured ? 1 : 0;
            }
        }
    }

    private static void require(boolean rule) throws Malformed {
        if (!rule) {
            throw new Malformed();
        }
    }

    private void capturedTo(int end) throws NotCaptured {
        if (captured < end) {
            throw new NotCaptured();
        }
    }

    private long number(int at, int count) {
        long value = 0;
        for (int i = at; i < at + count; i++) {
            value = value * 256 + (bytes[i] & 0xff);
        }
        return value;
    }
}
