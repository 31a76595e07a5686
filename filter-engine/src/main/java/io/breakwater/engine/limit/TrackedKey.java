package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Prefix;

/**
 * Which frames share an entry: the parts of a frame that {@code track} names, addresses cut to its prefix lengths.
 *
 * <p>Addresses of the two families never share an entry. Ports are numbers whatever the protocol; frames that have none
 * share the entry of "no port", so that they are limited too.
 *
 * <p><b>Thread:</b> immutable, any.
 */
final class TrackedKey {
    private static final long IPV4 = 1;
    private static final long IPV6 = 2;
    private static final int PORT_SHIFT = 2;
    /** Every port, and no port. */
    private static final int PORT_KEYS = (1 << 16) + 1;

    private final LimitRule.Key key;
    private final long ipv4Mask;
    private final long ipv6MaskHi;
    private final long ipv6MaskLo;

    TrackedKey(LimitRule.Track track) {
        this.key = track.key();
        this.ipv4Mask = Prefix.maskLo(true, track.ipv4Length());
        this.ipv6MaskHi = Prefix.maskHi(false, track.ipv6Length());
        this.ipv6MaskLo = Prefix.maskLo(false, track.ipv6Length());
    }

    /** A table for such keys; no larger than there can be keys. */
    KeyTable table(LimitRule.Table policy, long seed) {
        return new KeyTable(policy, mostKeys(), hasPairs(), seed);
    }

    /** What that table takes, in bytes. */
    long tableBytes(LimitRule.Table policy) {
        return KeyTable.memoryBytes(Math.min(policy.max(), mostKeys()), hasPairs());
    }

    private int mostKeys() {
        return switch (key) {
            case RULE -> 1;
            case SOURCE_PORT -> PORT_KEYS;
            default -> Integer.MAX_VALUE;
        };
    }

    private boolean hasPairs() {
        return key == LimitRule.Key.PAIR;
    }

    /** The hash of the frame's key. */
    @HotPath
    long hash(KeyHash hash, FrameSlot frame) {
        boolean ipv4 = frame.isIpv4();
        long family = family(frame);
        long maskHi = ipv4 ? 0 : ipv6MaskHi;
        long maskLo = ipv4 ? ipv4Mask : ipv6MaskLo;
        long sourceHi = frame.sourceHi() & maskHi;
        long sourceLo = frame.sourceLo() & maskLo;
        long destinationHi = frame.destinationHi() & maskHi;
        long destinationLo = frame.destinationLo() & maskLo;
        return switch (key) {
            case SOURCE -> hash.of(family, sourceHi, sourceLo, 0, 0);
            case DESTINATION -> hash.of(family, destinationHi, destinationLo, 0, 0);
            case PAIR -> hash.of(family, sourceHi, sourceLo, destinationHi, destinationLo);
            case DESTINATION_AND_SOURCE_PORT -> hash.of(family | portOf(frame), destinationHi, destinationLo, 0, 0);
            case SOURCE_PORT -> hash.of(portOf(frame), 0, 0, 0, 0);
            case RULE -> hash.of(0, 0, 0, 0, 0);
        };
    }

    /**
     * The frame's entry in the table, or {@link KeyTable#NO_ROOM}.
     *
     * @param hint as {@link KeyTable#locate} says
     * @param hash as {@link #hash} says
     */
    @HotPath
    int locate(KeyTable table, int hint, long hash, FrameSlot frame, long nowNs, Allowance allowance) {
        boolean ipv4 = frame.isIpv4();
        long family = family(frame);
        long maskHi = ipv4 ? 0 : ipv6MaskHi;
        long maskLo = ipv4 ? ipv4Mask : ipv6MaskLo;
        long sourceHi = frame.sourceHi() & maskHi;
        long sourceLo = frame.sourceLo() & maskLo;
        long destinationHi = frame.destinationHi() & maskHi;
        long destinationLo = frame.destinationLo() & maskLo;
        return switch (key) {
            case SOURCE -> table.locate(hint, hash, family, sourceHi, sourceLo, 0, 0, nowNs, allowance);
            case DESTINATION -> table.locate(hint, hash, family, destinationHi, destinationLo, 0, 0, nowNs, allowance);
            case PAIR ->
                table.locate(hint, hash, family, sourceHi, sourceLo, destinationHi, destinationLo, nowNs, allowance);
            case DESTINATION_AND_SOURCE_PORT ->
                table.locate(hint, hash, family | portOf(frame), destinationHi, destinationLo, 0, 0, nowNs, allowance);
            case SOURCE_PORT -> table.locate(hint, hash, portOf(frame), 0, 0, 0, 0, nowNs, allowance);
            case RULE -> table.locate(hint, hash, 0, 0, 0, 0, 0, nowNs, allowance);
        };
    }

    /** What tells the key from others, as {@link EntryMemory#identity} says. */
    @HotPath
    long identity(FrameSlot frame, long hash) {
        boolean ipv4 = frame.isIpv4();
        long family = family(frame);
        long maskHi = ipv4 ? 0 : ipv6MaskHi;
        long maskLo = ipv4 ? ipv4Mask : ipv6MaskLo;
        return switch (key) {
            case SOURCE ->
                EntryMemory.identity(false, hash, family, frame.sourceHi() & maskHi, frame.sourceLo() & maskLo);
            case DESTINATION ->
                EntryMemory.identity(
                        false, hash, family, frame.destinationHi() & maskHi, frame.destinationLo() & maskLo);
            case PAIR -> EntryMemory.identity(true, hash, family, frame.sourceHi() & maskHi, frame.sourceLo() & maskLo);
            case DESTINATION_AND_SOURCE_PORT ->
                EntryMemory.identity(
                        false,
                        hash,
                        family | portOf(frame),
                        frame.destinationHi() & maskHi,
                        frame.destinationLo() & maskLo);
            case SOURCE_PORT -> EntryMemory.identity(false, hash, portOf(frame), 0, 0);
            case RULE -> EntryMemory.identity(false, hash, 0, 0, 0);
        };
    }

    private static long portOf(FrameSlot frame) {
        return (frame.sourcePort() + 1L) << PORT_SHIFT;
    }

    /** What keeps the addresses of the two families apart. */
    @HotPath
    static long family(FrameSlot frame) {
        return frame.isIpv4() ? IPV4 : IPV6;
    }
}
