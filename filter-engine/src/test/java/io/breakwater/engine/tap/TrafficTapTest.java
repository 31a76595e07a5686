package io.breakwater.engine.tap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrafficTapTest {
    private static final long SEED = 42;

    private final TrafficTap tap = new TrafficTap(SEED);
    private final FrameSlot frame = PacketBuilder.ethernet()
            .ipv4("198.18.0.7", "203.0.113.5")
            .udp(11_211, 80)
            .payloadBytes(100)
            .decoded();

    /** What a drain gave. */
    private record Drained(long samples, long frames) {}

    private void pass(int frames) {
        for (int i = 0; i < frames; i++) {
            tap.onSettled(frame, 7);
        }
    }

    private Drained drain() {
        long[] sums = new long[2];
        tap.drain(sample -> {
            sums[0]++;
            sums[1] += sample.every();
        });
        return new Drained(sums[0], sums[1]);
    }

    @Test
    void shouldTakeEveryFrameWhileThereAreFew() {
        pass(TrafficTap.TARGET);

        assertThat(drain()).isEqualTo(new Drained(TrafficTap.TARGET, TrafficTap.TARGET));
        assertThat(tap.lostFrames()).isZero();
    }

    @Test
    void shouldTellWhatItSaw() {
        frame.matchedReason(9);
        tap.onSettled(frame, 7);
        List<String> told = new ArrayList<>();

        tap.drain(sample -> told.add(sample.ipv4() + " " + sample.sourceHi() + " " + sample.sourceLo() + " "
                + sample.destinationHi() + " " + sample.destinationLo() + " " + sample.length() + " "
                + sample.reason() + " " + sample.matchedReason() + " " + sample.every()));

        assertThat(told)
                .containsExactly("true 0 " + 0xc612_0007L + " 0 " + 0xcb00_7105L + " " + frame.length() + " 7 9 1");
    }

    @Test
    void shouldEstimateAFloodOutOfNothingWithoutLosingSamples() {
        int flood = 100_000;
        pass(flood);
        Drained drained = drain();

        // Samples at 1, 2, 4 … 128: variance below the sum of n (n - 1), so 5 standard errors.
        assertThat(drained.frames()).isCloseTo(flood, Offset.offset(5L * 2_600));
        assertThat(drained.samples()).isLessThan(5_000);
        assertThat(tap.lostFrames()).isZero();
    }

    @Test
    void shouldSettleOnAboutTheSameNumberOfSamplesAndStayUnbiased() {
        int perInterval = 200_000;
        long frames = 0;
        pass(perInterval);
        drain();
        for (int i = 0; i < 20; i++) {
            pass(perInterval);
            Drained drained = drain();
            frames += drained.frames();
            assertThat(drained.samples()).isBetween(TrafficTap.TARGET / 4L, TrafficTap.TARGET * 2L);
        }
        // One in 512: standard error of the sum √(4,000,000 × 511) = 45,000.
        assertThat(frames).isCloseTo(20L * perInterval, Offset.offset(5L * 45_000));
    }

    @Test
    void shouldTakeEveryFrameAgainAfterAFlood() {
        pass(1_000_000);
        drain();
        drain();
        tap.onSettled(frame, 0);
        drain();
        pass(10);

        assertThat(drain()).isEqualTo(new Drained(10, 10));
    }

    @Test
    void shouldCountWhatFindsNoRoomWhenNobodyDrains() {
        pass(20_000_000);
        long lost = tap.lostFrames();
        long told = drain().frames();

        assertThat(lost).isPositive();
        assertThat(told + lost).isCloseTo(20_000_000, Offset.offset(5_000_000L));
    }

    @Test
    void shouldLeaveOutTheOutboundLaneAndWhatIsNotIp() {
        tap.onSettled(
                PacketBuilder.ethernet()
                        .ipv4("203.0.113.5", "198.18.0.7")
                        .udp(1, 2)
                        .decoded(Lane.OUTBOUND),
                0);

        assertThat(drain()).isEqualTo(new Drained(0, 0));
    }

    @Test
    void shouldAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        DropTap drops = new DropTap(10);
        FrameTap both = new FrameTap(tap, drops);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000_000; i++) {
                both.onSettled(frame, 7);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            drops.startSecond();
        }
        assertThat(least).isZero();
    }
}
