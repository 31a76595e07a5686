package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Rate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of packets, one of bits, or both: a frame passes if each holds its cost, and takes from both or from neither
 * (a frame that is refused has not been sent on, so it uses up nothing).
 */
final class TokenBuckets extends Allowance {
    private final @Nullable TokenBucket packets;
    private final @Nullable TokenBucket bits;
    private final long refillNs;
    private final long maxFrameBits;

    /**
     * @param buckets at least one, at most one of each unit
     * @param maxFrameBytes the port's largest frame: a bucket of bits holds at least this
     */
    TokenBuckets(List<Bucket> buckets, int maxFrameBytes, long holdNs) {
        this(
                only(buckets, Rate.Unit.PACKETS, 1),
                only(buckets, Rate.Unit.BITS, maxFrameBytes * 8L),
                maxFrameBytes * 8L,
                holdNs);
    }

    private TokenBuckets(@Nullable TokenBucket packets, @Nullable TokenBucket bits, long maxFrameBits, long holdNs) {
        long refillNs = Math.max(packets == null ? 0 : packets.refillNs(), bits == null ? 0 : bits.refillNs());
        super(holdNs, refillNs + 2);
        this.packets = packets;
        this.bits = bits;
        this.refillNs = refillNs;
        this.maxFrameBits = maxFrameBits;
    }

    private static @Nullable TokenBucket only(List<Bucket> buckets, Rate.Unit unit, long leastTokens) {
        TokenBucket found = null;
        for (Bucket bucket : buckets) {
            if (bucket.rate().unit() == unit) {
                if (found != null) {
                    throw new IllegalArgumentException("a limit has at most one rate in packets and one in bits");
                }
                found = new TokenBucket(bucket, leastTokens);
            }
        }
        return found;
    }

    @Override
    @HotPath
    boolean takes(EntryMemory memory, int at, int frameBytes, long nowNs) {
        long elapsedNs = Math.max(0, nowNs - memory.near[at + EntryMemory.SEEN_NS]);
        memory.near[at + EntryMemory.SEEN_NS] = nowNs;
        TokenBucket packets = this.packets;
        boolean taken = packets == null || packets.take(memory, at, elapsedNs, 1);
        TokenBucket bits = this.bits;
        if (bits == null) {
            return taken;
        }
        // Of the bits none are taken where the packets are missing; time passes for both.
        if (!bits.take(memory, at, elapsedNs, taken ? frameBytes * 8L : 0)) {
            if (packets != null) {
                packets.giveBack(memory, at, 1);
            }
            return false;
        }
        return taken;
    }

    @Override
    long framesAtOnce() {
        return Math.min(
                packets == null ? Long.MAX_VALUE : packets.burst(),
                bits == null ? Long.MAX_VALUE : bits.burst() / maxFrameBits);
    }

    @Override
    long framesPerSecond() {
        return Math.min(
                packets == null ? Long.MAX_VALUE : packets.perSecond(),
                bits == null ? Long.MAX_VALUE : bits.perSecond() / maxFrameBits);
    }

    /**
     * When the bucket is full again; with two buckets, reckoned by the emptier one on the scale of the slower one, so
     * that a key that is over either weighs more than one that is over none. Rounded up by less than 1 part in 2^50.
     */
    @Override
    long spentUntilNs(EntryMemory memory, int at) {
        double share = Math.max(
                packets == null ? 0 : packets.spentShare(memory, at), bits == null ? 0 : bits.spentShare(memory, at));
        return memory.near[at + EntryMemory.SEEN_NS] + (share == 0 ? 0 : (long) (refillNs * share * (1 + 0x1p-50)) + 1);
    }

    /** A key that is over its limit has the emptiest bucket, and so weighs most. */
    @Override
    long spentWeightNs(EntryMemory memory, int at) {
        return spentUntilNs(memory, at);
    }
}
