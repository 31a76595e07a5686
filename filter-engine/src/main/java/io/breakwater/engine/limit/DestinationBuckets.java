package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.DestinationLimit;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import java.security.SecureRandom;
import java.util.List;

/**
 * One token bucket per destination address, in a fixed-size table.
 *
 * <p><b>Reload:</b> {@link #withBucket} takes the table over, and with it what each destination has spent.
 *
 * <p><b>Thread:</b> {@link #allows} by the filter worker of its lane, alone; the accessors by any. <b>Cost:</b> as {@link
 * RateLimiter}.
 */
public final class DestinationBuckets implements DestinationLimit {
    private final Allowance allowance;
    private final KeyTable table;
    private final boolean admitsWithoutRoom;
    private final int maxFrameBytes;

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
        this(
                bucket,
                new KeyTable(table, Integer.MAX_VALUE, false, seed),
                table.whenFull() != LimitRule.WhenFull.DROP,
                maxFrameBytes);
    }

    private DestinationBuckets(Bucket bucket, KeyTable table, boolean admitsWithoutRoom, int maxFrameBytes) {
        this.allowance = new TokenBuckets(List.of(bucket), maxFrameBytes, 0);
        this.table = table;
        this.admitsWithoutRoom = admitsWithoutRoom;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * The same table under another rate and burst, for a reload: spent tokens stay spent. Once the new one is in use this
     * one must not be used any more. May be called on any thread.
     */
    public DestinationBuckets withBucket(Bucket bucket) {
        return new DestinationBuckets(bucket, table, admitsWithoutRoom, maxFrameBytes);
    }

    @Override
    @HotPath
    public boolean allows(FrameSlot frame, long nowNs) {
        table.sweep(nowNs, allowance);
        long family = TrackedKey.family(frame);
        long hi = frame.destinationHi();
        long lo = frame.destinationLo();
        int at =
                table.locate(KeyTable.NO_HINT, table.hash().of(family, hi, lo), family, hi, lo, 0, 0, nowNs, allowance);
        return at == KeyTable.NO_ROOM ? admitsWithoutRoom : allowance.admits(table.memory(), at, frame.length(), nowNs);
    }

    /** Buckets held; full ones that have been idle count until the sweep has passed them. */
    public long entries() {
        return table.entries();
    }

    /** Buckets that had to make room for others although they were not idle. */
    public long evictions() {
        return table.evictions();
    }

    /** Buckets that the table has room for. */
    public int capacity() {
        return table.capacity();
    }

    /** Memory of the table. */
    public long memoryBytes() {
        return table.memoryBytes();
    }
}
