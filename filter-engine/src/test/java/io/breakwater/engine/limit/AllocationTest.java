package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Rate;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AllocationTest {
    private static final int FRAMES = 1_000_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final FrameSlot[] frames = new FrameSlot[10_000];

    static Stream<LimitBuilder> limits() {
        LimitBuilder every = new LimitBuilder();
        return Stream.of(
                every,
                new LimitBuilder()
                        .match(new MatchBuilder()
                                .anyVector()
                                .sources("198.18.0.0/15")
                                .size(0, 2_000)
                                .build())
                        .track(LimitRule.Key.PAIR)
                        .buckets(Bucket.of(Rate.packetsPerSecond(1)), Bucket.of(Rate.bitsPerSecond(1_000)))
                        .holdNs(SECOND)
                        .then(LimitRule.Then.ALERT),
                new LimitBuilder().window(2, 1).track(LimitRule.Key.DESTINATION_AND_SOURCE_PORT),
                new LimitBuilder().table(100, SECOND, LimitRule.WhenFull.DROP));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void shouldAllocateNothingPerFrame(LimitBuilder policy) {
        for (int i = 0; i < frames.length; i++) {
            frames[i] = PacketBuilder.ethernet()
                    .ipv4("198.18." + i / 200 + "." + i % 200, "203.0.113.5")
                    .udp(53, 1)
                    .decoded();
        }
        RateLimiter limiter = policy.build();
        DestinationBuckets buckets = new DestinationBuckets(
                Bucket.of(Rate.packetsPerSecond(10)), policy.table, LimitBuilder.MAX_FRAME_BYTES);
        run(limiter, buckets, 0);

        long before = threads.getCurrentThreadAllocatedBytes();
        long measuring = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        run(limiter, buckets, 10 * SECOND);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before - measuring;

        assertThat(allocated).as("bytes for %d frames", FRAMES).isZero();
    }

    private void run(RateLimiter limiter, DestinationBuckets buckets, long startNs) {
        for (int i = 0; i < FRAMES; i++) {
            FrameSlot frame = frames[i % frames.length];
            limiter.classify(frame, startNs + i * 1_000L);
            buckets.allows(frame, startNs + i * 1_000L);
        }
    }
}
