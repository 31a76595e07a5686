package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.MILLISECOND;
import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static io.breakwater.engine.limit.LimitBuilder.drops;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule.WhenFull;
import io.breakwater.engine.policy.Rate;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A full table is not asked about keys that send next to nothing, and those that send much do not gain by it. */
class LightKeysTest {
    private static final int RATE = 20_000;
    private static final int BURST = 20_000;
    /** A thousandth of the burst. */
    private static final int UNNOTED = 19;

    private static final int TABLE = 1_000;
    private static final int HEAVY = 0xC612_0000;

    private final Senders senders = new Senders();
    private int newcomers;

    private static LimitBuilder limit() {
        return new LimitBuilder().packets(RATE, BURST).table(TABLE, 60 * SECOND, WhenFull.EVICT);
    }

    /** Frames of so many senders that were not seen before; none is over a limit. */
    private void flood(RateLimiter limiter, int frames, long nowNs) {
        for (int i = 0; i < frames; i++) {
            assertThat(drops(limiter, senders.from(newcomers++), nowNs)).isFalse();
        }
    }

    private RateLimiter full(LimitBuilder policy) {
        RateLimiter limiter = policy.build();
        flood(limiter, 20 * TABLE, 0);
        assertThat(limiter.entries()).isGreaterThanOrEqualTo(limiter.capacity() * 31L / 32);
        return limiter;
    }

    @Test
    void shouldLeaveAFullTableAloneForKeysThatSendNextToNothing() {
        RateLimiter limiter = full(limit());
        long evictions = limiter.evictions();
        long entries = limiter.entries();
        flood(limiter, 300_000, SECOND);
        assertThat(limiter.entries()).isEqualTo(entries);
        assertThat(limiter.evictions()).isEqualTo(evictions);
    }

    @Test
    void shouldGoOnEvictingWhereEachFrameCounts() {
        LimitBuilder small = limit().packets(RATE, 2_000);
        LimitBuilder held = limit().holdNs(SECOND);
        for (LimitBuilder policy : new LimitBuilder[] {small, held}) {
            RateLimiter limiter = full(policy);
            long evictions = limiter.evictions();
            flood(limiter, 10_000, SECOND);
            assertThat(limiter.evictions() + limiter.refusals())
                    .isGreaterThanOrEqualTo(evictions + 10_000 - limiter.capacity() / 32);
        }
    }

    @Test
    void shouldHoldASteadySenderToItsRateButForAThousandthOfItsBurst() {
        for (int times : new int[] {1, 2, 10}) {
            RateLimiter limiter = full(limit());
            TokenBucketTest.ExactBucket exact = exact();
            long stepNs = SECOND / RATE / times;
            long allowed = 0;
            long passed = 0;
            for (long nowNs = SECOND; nowNs < 4 * SECOND; nowNs += stepNs) {
                allowed += exact.take(stepNs, 1) ? 1 : 0;
                passed += drops(limiter, senders.from(HEAVY), nowNs) ? 0 : 1;
                flood(limiter, 2, nowNs);
            }
            assertThat(passed).as("%d times the rate", times).isBetween(allowed, allowed + UNNOTED);
        }
    }

    @Test
    void shouldGiveASenderThatPausesAtMostAHundredthOfItsRate() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20; round++) {
            RateLimiter limiter = full(limit());
            TokenBucketTest.ExactBucket exact = exact();
            long nowNs = SECOND;
            long lastNs = 0;
            long allowed = 0;
            long passed = 0;
            while (nowNs < 5 * SECOND) {
                int frames = random.nextInt(8_000);
                for (int i = 0; i < frames; i++) {
                    allowed += exact.take(nowNs - lastNs, 1) ? 1 : 0;
                    passed += drops(limiter, senders.from(HEAVY), nowNs) ? 0 : 1;
                    lastNs = nowNs;
                    nowNs += random.nextLong(SECOND / RATE);
                }
                nowNs += random.nextLong(300 * MILLISECOND);
            }
            assertThat((double) passed)
                    .as("seed %d round %d", seed, round)
                    .isBetween((double) allowed, 1.01 * allowed + UNNOTED);
        }
    }

    private static TokenBucketTest.ExactBucket exact() {
        return new TokenBucketTest.ExactBucket(new Bucket(Rate.packetsPerSecond(RATE), BURST), 1);
    }

    @Test
    void shouldServeNoLimitThatLetsFewFramesThrough() {
        assertThat(LightKeys.canServe(2_047, 1_000_000)).isFalse();
        assertThat(LightKeys.canServe(2_048, 1_000_000)).isTrue();
        // A day's worth at once, and so slow afterwards that a slice would last for hours.
        assertThat(LightKeys.canServe(100_000, 1)).isFalse();
    }
}
