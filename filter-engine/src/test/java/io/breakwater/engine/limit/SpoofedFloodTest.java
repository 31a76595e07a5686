package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static io.breakwater.engine.limit.LimitBuilder.drops;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule.WhenFull;
import io.breakwater.engine.policy.Rate;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heavy senders in the middle of a flood that comes from a new address with each frame. */
class SpoofedFloodTest {
    private static final int HEAVY = 300;
    private static final int FLOOD_BASE = 0x0b00_0000;
    /** Addresses of heavy senders; the flood has none of them. */
    private static final int HEAVY_BASE = 0xC612_0000;

    /** What a heavy sender may get through until it has an entry, where all that the table holds is still needed. */
    private static final int FRAMES_UNTIL_KNOWN = 24;

    @ParameterizedTest(name = "{0} packets/s, burst {1}; {2} spoofed sources at {3} frames/s, {4} entries")
    @CsvSource({
        // Buckets of spoofed sources are full again before their entries are needed for others.
        "2000, 4000, 16000000, 10000000, 262144, 4",
        // They are not; and heavy senders, at twice their rate, come once while the table is filled twice.
        "10, 20, 3000000, 200000, 4096, 33",
    })
    void shouldKeepHeavySendersAtTheirRate(
            long rate, long burst, int spoofed, long floodPps, int entries, int spoofedPerHeavy) {
        Senders senders = new Senders();
        SplittableRandom random = new SplittableRandom(rate);
        RateLimiter limiter = new LimitBuilder()
                .packets(rate, burst)
                .table(entries, 60 * SECOND, WhenFull.EVICT)
                .seed(random.nextLong())
                .build();
        TokenBucketTest.ExactBucket[] models = new TokenBucketTest.ExactBucket[HEAVY];
        Bucket bucket = new Bucket(Rate.packetsPerSecond(rate), burst);
        java.util.Arrays.setAll(models, i -> new TokenBucketTest.ExactBucket(bucket, 1));
        long[] lastNs = new long[HEAVY];
        long[] passed = new long[HEAVY];
        long[] allowed = new long[HEAVY];
        for (int i = 0; i < spoofed; i++) {
            long nowNs = (long) i * SECOND / floodPps;
            drops(limiter, senders.from(FLOOD_BASE + i), nowNs);
            if (i % spoofedPerHeavy == 0) {
                int heavy = i / spoofedPerHeavy % HEAVY;
                allowed[heavy] += models[heavy].take(nowNs - lastNs[heavy], 1) ? 1 : 0;
                lastNs[heavy] = nowNs;
                passed[heavy] += drops(limiter, senders.from(HEAVY_BASE + heavy), nowNs) ? 0 : 1;
            }
        }

        assertThat(limiter.evictions() + limiter.refusals()).isGreaterThan(spoofed - 2L * entries);
        for (int heavy = 0; heavy < HEAVY; heavy++) {
            assertThat((double) passed[heavy])
                    .as("heavy sender %d, who sent about %d", heavy, spoofed / spoofedPerHeavy / HEAVY)
                    .isBetween(0.95 * allowed[heavy], 1.05 * allowed[heavy] + FRAMES_UNTIL_KNOWN);
        }
    }
}
