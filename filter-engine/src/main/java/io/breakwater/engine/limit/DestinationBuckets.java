package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.DestinationLimit;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import java.security.SecureRandom;
import java.util.List;

/**
 * One token bucket per destination address and discriminator, in a fixed-size table.
 *
 * <p><b>Thread:</b> {@link #allows} by the filter worker of its lane, alone; the accessors by any. <b>Cost:</b> as {@link
 * RateLimiter}.
 */
public final class DestinationBuckets implements DestinationLimit {
    private final Allowance allowance;
    private final KeyTable table;
    private final boolean admitsWithoutRoom;

    /**
     * Buckets whose destinations are hashed with secrets of their own.
     *
     * @param maxFrameBytes the port's largest frame: a bucket of bits holds at least this
     */
    public DestinationBuckets(Bucket bucket, LimitRule.Table table, int maxFrameBytes) {
        this(bucket, table, maxFrameBytes, new SecureRandom().nextLong());
    }

    /** The same with a given seed: fixed in replay, so that it gives the same verdicts each time. */
    public DestinationBuckets(Bucket bucket, LimitRule.Table table, int maxFrameBytes, long seed) {
        this.allowance = new TokenBuckets(List.of(bucket), maxFrameBytes, 0);
        this.table = new KeyTable(table, Integer.MAX_VALUE, Entry.WORDS, seed);
        this.admitsWithoutRoom = table.whenFull() != LimitRule.WhenFull.DROP;
    }

    @Override
    @HotPath
    public boolean allows(FrameSlot frame, int discriminator, long nowNs) {
        table.sweep(nowNs, allowance);
        long tag = TrackedKey.tag(frame.isIpv4(), discriminator);
        int at = table.locate(tag, frame.destinationHi(), frame.destinationLo(), 0, 0, nowNs, allowance);
        return at == KeyTable.NO_ROOM ? admitsWithoutRoom : allowance.admits(table.words(), at, frame.length(), nowNs);
    }

    /** Buckets held; full ones that have been idle count until the sweep has passed them. */
    public long entries() {
        return table.entries();
    }

    /** Buckets that had to make room for others although they were not idle. */
    public long evictions() {
        return table.evictions();
    }

    /** Memory of the table. */
    public long memoryBytes() {
        return table.memoryBytes();
    }
}
