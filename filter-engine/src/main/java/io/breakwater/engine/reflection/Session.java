package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/**
 * What, besides two addresses, names a question: one long.
 *
 * <pre>
 *  63      51  50          49     48   47      32  31          16  15           0
 * +----------+------------+------+-----+----------+---------------+--------------+
 * |    0     | long-lived | IPv4 | DNS |  DNS id  |  inside port  | outside port |
 * +----------+------------+------+-----+----------+---------------+--------------+
 * </pre>
 */
@HotPath
final class Session {
    /** No session: no question has the outside port 0. */
    static final long NONE = 0;

    private static final long DNS = 1L << 48;
    private static final long IPV4 = 1L << 49;
    private static final long LONG_LIVED = 1L << 50;
    private static final long IDENTITY = LONG_LIVED - 1;

    private Session() {}

    /** Of a frame from the inside; for DNS its first two payload bytes must be there. */
    static long ofOutbound(int protocol, FrameSlot frame) {
        return of(protocol, frame, frame.sourcePort(), frame.destinationPort());
    }

    /** Of a frame from the outside; for DNS its first two payload bytes must be there. */
    static long ofInbound(int protocol, FrameSlot frame) {
        return of(protocol, frame, frame.destinationPort(), frame.sourcePort());
    }

    private static long of(int protocol, FrameSlot frame, int insidePort, int outsidePort) {
        long session = familyOf(frame) | (long) insidePort << 16 | outsidePort;
        if (protocol == Protocol.DNS) {
            return session | DNS | (long) Payload.u16(frame, 0) << 32;
        }
        return Protocol.isLongLived(protocol) ? session | LONG_LIVED : session;
    }

    static boolean isDns(long session) {
        return (session & DNS) != 0;
    }

    static boolean isLongLived(long session) {
        return (session & LONG_LIVED) != 0;
    }

    /** The bits that tell sessions apart. */
    static long identity(long session) {
        return session & IDENTITY;
    }

    /** Bits that keep an inside IPv4 address apart from the IPv6 one with the same two longs. */
    static long familyOf(FrameSlot frame) {
        return frame.isIpv4() ? IPV4 : 0;
    }

    /** The same bits of a session. */
    static long family(long session) {
        return session & IPV4;
    }
}
