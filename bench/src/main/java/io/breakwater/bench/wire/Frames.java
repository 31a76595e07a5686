package io.breakwater.bench.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the benchmark's frames look like. Legitimate ones are QUIC answers, the attack is memcached's.
 *
 * <p>Addresses are those kept for documentation and benchmarks: sources 198.18.0.0/16 (legitimate) and 198.19.0.0/16
 * (attack), destination 203.0.113.5. More than 65,536 sources do not fit there: they come from 10.0.0.0/9 and
 * 10.128.0.0/9. All of it stays on the wire between the benchmark's own namespaces.
 */
final class Frames {
    /** What a policy protects so that all of this is inbound. */
    static final String PROTECTED = "203.0.113.0/24";

    static final ValueLayout.OfShort SHORT_BE = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    static final int IP_CHECKSUM_OFFSET = 24;
    static final int SOURCE_OFFSET = 26;
    static final int DESTINATION_OFFSET = 30;
    static final int PORTS_OFFSET = 34;

    static final int MEMCACHED = 11_211;
    private static final int HTTPS = 443;
    private static final int CLIENT_PORT = 50_000;
    /** Of no service: a question, which any policy lets through. */
    private static final int PROBE_PORT = 50_007;

    static final int VICTIM = 0xCB007105;
    /** Destination and source, both locally administered. */
    private static final byte[] MACS = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

    private static final int LEGITIMATE_SOURCES = 0xC6120000;
    private static final int ATTACK_SOURCES = 0xC6130000;
    private static final int MANY_LEGITIMATE_SOURCES = 0x0A000000;
    /** 240.0.0.0/8, which nobody has: as many as 16 M have no other room apart from those above. */
    private static final int MANY_ATTACK_SOURCES = 0xF0000000;

    private static final int FEW = 1 << 16;
    /** So that none of them alone passes 50,000 frames/s, the default limit of one source. */
    private static final int LEAST_LEGITIMATE_SOURCES = 64;

    private Frames() {}

    /** A frame of that kind whose source, checksum, sequence and stamp are still 0. */
    static MemorySegment template(Arena arena, int kind, int sizeBytes) {
        MemorySegment frame = arena.allocate(sizeBytes, 64);
        MemorySegment.copy(MemorySegment.ofArray(MACS), 0, frame, 0, MACS.length);
        frame.set(SHORT_BE, 12, (short) 0x0800);
        long ip = Mark.ETHERNET_BYTES;
        frame.set(SHORT_BE, ip, (short) 0x4500);
        frame.set(SHORT_BE, ip + 2, (short) (sizeBytes - Mark.ETHERNET_BYTES));
        frame.set(SHORT_BE, ip + 6, (short) 0x4000); // don't fragment
        frame.set(SHORT_BE, ip + 8, (short) 0x3c11); // 60 hops, UDP
        frame.set(INT_BE, DESTINATION_OFFSET, VICTIM);
        frame.set(INT_BE, PORTS_OFFSET, ports(kind));
        frame.set(SHORT_BE, PORTS_OFFSET + 4, (short) (sizeBytes - Mark.ETHERNET_BYTES - Mark.IPV4_BYTES));
        frame.set(SHORT, Mark.OFFSET, Mark.MAGIC);
        frame.set(SHORT, Mark.OFFSET + Mark.KIND_OFFSET, (short) kind);
        return frame;
    }

    /** Four bytes of the MAC addresses, as the machine reads them. */
    static int macWord(int offset) {
        return MemorySegment.ofArray(MACS).get(INT, offset);
    }

    /** Source port and destination port. */
    static int ports(int kind) {
        return switch (kind) {
            case Mark.ATTACK -> MEMCACHED << 16 | CLIENT_PORT;
            case Mark.PROBE -> CLIENT_PORT << 16 | PROBE_PORT;
            default -> HTTPS << 16 | CLIENT_PORT;
        };
    }

    /** The first of the sources of that kind. */
    static int firstSource(int kind, int sources) {
        if (kind == Mark.ATTACK) {
            return sources > FEW ? MANY_ATTACK_SOURCES : ATTACK_SOURCES;
        }
        return sources > FEW ? MANY_LEGITIMATE_SOURCES : LEGITIMATE_SOURCES;
    }

    /** Which bits of a number choose the source. */
    static int sourceMask(int kind, int sources) {
        return switch (kind) {
            case Mark.ATTACK -> sources - 1;
            case Mark.PROBE -> 0;
            default -> Math.max(sources, LEAST_LEGITIMATE_SOURCES) - 1;
        };
    }

    /** The unfinished IPv4 header checksum: of the ten words of a header whose source and checksum are 0 (RFC 1071). */
    static int headerSum(MemorySegment frame) {
        int sum = 0;
        for (int word = 0; word < Mark.IPV4_BYTES; word += 2) {
            sum += Short.toUnsignedInt(frame.get(SHORT_BE, Mark.ETHERNET_BYTES + word));
        }
        return sum;
    }

    /** Fills a probe in: source, checksum, number and time. */
    static void finish(MemorySegment frame, int source, int sequence, long nowNs) {
        frame.set(INT_BE, SOURCE_OFFSET, 0);
        frame.set(SHORT_BE, IP_CHECKSUM_OFFSET, (short) 0);
        int sum = headerSum(frame) + (source >>> 16) + (source & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        frame.set(INT_BE, SOURCE_OFFSET, source);
        frame.set(SHORT_BE, IP_CHECKSUM_OFFSET, (short) ~sum);
        frame.set(INT, Mark.OFFSET + Mark.SEQUENCE_OFFSET, sequence);
        frame.set(LONG, Mark.OFFSET + Mark.STAMP_OFFSET, nowNs);
    }
}
