package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.LimitRule;
import java.util.BitSet;
import java.util.List;

/** A set of port numbers, one bit each (8 KiB). <b>Thread:</b> immutable once built. */
final class PortSet {
    private static final int PORTS = 1 << 16;

    private final long[] bits = new long[PORTS / Long.SIZE];

    /** The ports of all ranges; numbers beyond 65535 are no ports. */
    static PortSet of(List<LimitRule.Range> ranges) {
        PortSet set = new PortSet();
        for (LimitRule.Range range : ranges) {
            for (int port = range.low(); port <= Math.min(range.high(), PORTS - 1); port++) {
                set.add(port);
            }
        }
        return set;
    }

    void add(int port) {
        bits[port >>> 6] |= 1L << port;
    }

    BitSet toBitSet() {
        return BitSet.valueOf(bits);
    }

    /** Whether it holds the port; {@link FrameSlot#NO_PORT} is in no set. */
    @HotPath
    boolean contains(int port) {
        return port != FrameSlot.NO_PORT && (bits[port >>> 6] & 1L << port) != 0;
    }
}
