package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.MAX_FRAME_BYTES;
import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.LimitRule.WhenFull;
import io.breakwater.engine.policy.Rate;
import org.junit.jupiter.api.Test;

class DestinationBucketsTest {
    private final FrameSlot frame = frame("198.18.0.1", "203.0.113.5");

    private static FrameSlot frame(String source, String destination) {
        return PacketBuilder.ethernet()
                .ip(source, destination)
                .udp(53, 1)
                .payloadBytes(100)
                .decoded();
    }

    private static DestinationBuckets buckets(Bucket bucket, int max, WhenFull whenFull) {
        return new DestinationBuckets(bucket, new LimitRule.Table(max, SECOND, whenFull), MAX_FRAME_BYTES, 1);
    }

    private static int passed(DestinationBuckets buckets, FrameSlot frame, long nowNs) {
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += buckets.allows(frame, nowNs) ? 1 : 0;
        }
        return passed;
    }

    @Test
    void shouldLimitEachDestinationWhoeverSends() {
        DestinationBuckets buckets = buckets(new Bucket(Rate.packetsPerSecond(2), 5), 100, WhenFull.EVICT);

        assertThat(passed(buckets, frame, 0)).isEqualTo(5);
        assertThat(passed(buckets, frame("198.18.0.2", "203.0.113.5"), 0)).isZero();
        assertThat(passed(buckets, frame("198.18.0.1", "203.0.113.6"), 0)).isEqualTo(5);
        assertThat(passed(buckets, frame, SECOND)).isEqualTo(2);
        assertThat(buckets.entries()).isEqualTo(2);
    }

    @Test
    void shouldKeepFamiliesApart() {
        DestinationBuckets buckets = buckets(new Bucket(Rate.packetsPerSecond(2), 5), 100, WhenFull.EVICT);

        assertThat(passed(buckets, frame, 0)).isEqualTo(5);
        assertThat(passed(buckets, frame("2001:db8::1", "::203.0.113.5"), 0)).isEqualTo(5);
        assertThat(buckets.entries()).isEqualTo(2);
    }

    @Test
    void shouldKeepWhatWasSpentUnderAnotherRate() {
        DestinationBuckets buckets = buckets(new Bucket(Rate.packetsPerSecond(2), 5), 100, WhenFull.EVICT);
        assertThat(passed(buckets, frame, 0)).isEqualTo(5);

        DestinationBuckets reloaded = buckets.withBucket(new Bucket(Rate.packetsPerSecond(10), 8));

        assertThat(passed(reloaded, frame, 0)).isEqualTo(3);
        assertThat(passed(reloaded, frame, SECOND)).isEqualTo(8);
        assertThat(reloaded.memoryBytes()).isEqualTo(buckets.memoryBytes());
    }

    @Test
    void shouldLetTheLargestFrameThroughWhateverTheBurst() {
        DestinationBuckets buckets = buckets(new Bucket(Rate.bitsPerSecond(1), 1), 100, WhenFull.EVICT);

        assertThat(passed(buckets, frame, 0)).isEqualTo(MAX_FRAME_BYTES / frame.length());
    }

    @Test
    void shouldDoAsToldWhenFull() {
        Bucket bucket = new Bucket(Rate.packetsPerSecond(1), 2);
        for (WhenFull whenFull : WhenFull.values()) {
            DestinationBuckets buckets = buckets(bucket, 8, whenFull);
            for (int i = 0; i < 8; i++) {
                buckets.allows(frame("198.18.0.1", "203.0.113." + (10 + i)), 0);
            }
            int passed = passed(buckets, frame, 0) + passed(buckets, frame, 0);
            switch (whenFull) {
                // Two tokens, and some frames until it gets an entry.
                case EVICT -> assertThat(passed).isBetween(2, 150);
                case PASS -> assertThat(passed).isEqualTo(200);
                case DROP -> assertThat(passed).isZero();
            }
            assertThat(buckets.evictions()).isEqualTo(whenFull == WhenFull.EVICT ? 1 : 0);
            assertThat(buckets.memoryBytes()).isBetween(500L, 2_000L);
        }
    }
}
