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

    // LimitRule.Key as numbers. Why: a switch over an enum reads three more places in memory for each frame.
    private static final int SOURCE = 0;
    private static final int DESTINATION = 1;
    private static final int PAIR = 2;
    private static final int DESTINATION_AND_SOURCE_PORT = 3;
    private static final int SOURCE_PORT = 4;
    private static final int RULE = 5;

    private final int key;
    private final long ipv4Mask;
    private final long ipv6MaskHi;
    private final long ipv6MaskLo;

    TrackedKey(LimitRule.Track track) {
        this.key = switch (track.key()) {
            case SOURCE -> SOURCE;
            case DESTINATION -> DESTINATION;
            case PAIR -> PAIR;
            case DESTINATION_AND_SOURCE_PORT -> DESTINATION_AND_SOURCE_PORT;
            case SOURCE_PORT -> SOURCE_PORT;
            case RULE -> RULE;
        };
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
        return key == PAIR;
    }

    /** Notes in the slot the hash of the frame's key, and what tells the key from others as {@link EntryMemory#identity} says. */
    @HotPath
    void name(KeyHash hash, FrameSlot frame) {
        boolean ipv4 = frame.isIpv4();
        long family = family(frame);
        long maskHi = ipv4 ? 0 : ipv6MaskHi;
        long maskLo = ipv4 ? ipv4Mask : ipv6MaskLo;
        switch (key) {
            case SOURCE -> nameOne(hash, frame, family, frame.sourceHi() & maskHi, frame.sourceLo() & maskLo);
            case DESTINATION ->
                nameOne(hash, frame, family, frame.destinationHi() & maskHi, frame.destinationLo() & maskLo);
            case PAIR -> {
                long hi = frame.sourceHi() & maskHi;
                long lo = frame.sourceLo() & maskLo;
                long named =
                        hash.ofPair(family, hi, lo, frame.destinationHi() & maskHi, frame.destinationLo() & maskLo);
                frame.limitKey(named, EntryMemory.identity(true, named, family, hi, lo));
            }
            case DESTINATION_AND_SOURCE_PORT ->
                nameOne(
                        hash,
                        frame,
                        family | portOf(frame),
                        frame.destinationHi() & maskHi,
                        frame.destinationLo() & maskLo);
            case SOURCE_PORT -> nameOne(hash, frame, portOf(frame), 0, 0);
            default -> nameOne(hash, frame, 0, 0, 0);
        }
    }

    @HotPath
    private static void nameOne(KeyHash hash, FrameSlot frame, long tag, long hi, long lo) {
        long named = hash.of(tag, hi, lo);
        frame.limitKey(named, EntryMemory.identity(false, named, tag, hi, lo));
    }

    /**
     * The frame's entry in the table, or {@link KeyTable#NO_ROOM}.
     *
     * @param hint as {@link KeyTable#locate} says
     * @param hash as {@link #name} noted
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
            default -> table.locate(hint, hash, 0, 0, 0, 0, 0, nowNs, allowance);
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
