package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTest {
    private static final byte[] WEB_PAGE = PacketBuilder.ethernet()
            .ipv4("198.18.0.9", "203.0.113.5")
            .tcp(443, 40_000)
            .payloadBytes(40)
            .build();
    private static final byte[] MEMCACHED_ANSWER = PacketBuilder.ethernet()
            .ipv4("198.18.0.1", "203.0.113.5")
            .udp(11211, 40_000)
            .payload("VALUE")
            .build();
    private static final byte[] PAUSE = PacketBuilder.ethernet()
            .etherType(0x8808)
            .payload((byte) 0, (byte) 1, (byte) 0, (byte) 9)
            .build();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldGiveEveryFrameOneFateAndItsMemoryBackInOrder(int threads) throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE, MEMCACHED_ANSWER, PAUSE), 30_000, 17, 1_000_000, null);
        RunningPipeline running =
                new RunningPipeline(Policies.full(RuleMode.ENFORCE, 50_000), source, threads, s -> true);

        running.run();

        assertThat(running.received()).isEqualTo(30_000);
        assertThat(running.forwarded()).isEqualTo(10_000);
        assertThat(running.dropped()).isEqualTo(20_000);
        assertThat(running.dropped(running.engine.reasons().reflection("memcached")))
                .isEqualTo(10_000);
        assertThat(running.dropped(Reasons.EGRESS)).as("MAC PAUSE").isEqualTo(10_000);
        assertThat(running.sent).isSorted();
        assertThat(source.released()).isEqualTo(30_000);
        assertThat(source.firstOutOfOrder()).isEqualTo(-1);
    }

    @Test
    void shouldGiveTheSameVerdictsWithOneTwoAndThreeThreads() throws InterruptedException {
        for (long seed = 1; seed <= 5; seed++) {
            List<byte[]> frames = randomFrames(new Random(seed));
            List<List<Integer>> fates = new ArrayList<>();
            for (int threads = 1; threads <= 3; threads++) {
                MemorySource source = new MemorySource(frames, 40_000, 50, 20_000, null);
                RunningPipeline running =
                        new RunningPipeline(Policies.full(RuleMode.ENFORCE, 300), source, threads, s -> true);
                running.run();
                fates.add(running.fates);
                assertThat(running.received())
                        .as("seed %d, %d threads", seed, threads)
                        .isEqualTo(running.forwarded() + running.dropped());
            }
            assertThat(fates.get(1)).as("two threads, seed %d", seed).isEqualTo(fates.get(0));
            assertThat(fates.get(2)).as("three threads, seed %d", seed).isEqualTo(fates.get(0));
            assertThat(fates.get(0))
                    .as("seed %d: forwards and drops", seed)
                    .contains(0)
                    .anyMatch(f -> f > 0);
        }
    }

    /** A sink that stops now and then lets the ring fill, and rx decode. */
    @Test
    void shouldGiveTheSameVerdictsWhicheverThreadDecodes() throws InterruptedException {
        List<byte[]> frames = randomFrames(new Random(6));
        List<List<Integer>> fates = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            MemorySource source = new MemorySource(frames, 40_000, 50, 20_000, null);
            RunningPipeline running = new RunningPipeline(
                    Policies.full(RuleMode.ENFORCE, 300), source, threads, PipelineTest::sendSlowly);
            running.run();
            fates.add(running.fates);
        }
        assertThat(fates.get(1)).as("two threads").isEqualTo(fates.get(0));
        assertThat(fates.get(2)).as("three threads").isEqualTo(fates.get(0));
    }

    /** A slot says of the first 32 limits alone whether they match. */
    @ParameterizedTest
    @ValueSource(ints = {30, 31, 32, 33, 40})
    void shouldJudgeByLimitsHoweverManyComeBefore(int before) throws InterruptedException {
        List<byte[]> frames = randomFrames(new Random(7));
        List<List<Integer>> fates = new ArrayList<>();
        for (Policy policy : List.of(Policies.full(RuleMode.ENFORCE, 1), Policies.manyLimits(before, 1))) {
            MemorySource source = new MemorySource(frames, 20_000, 50, 20_000, null);
            RunningPipeline running = new RunningPipeline(policy, source, 2, s -> true);
            running.run();
            int limit = running.engine.reasons().limit("udp-per-source");
            assertThat(running.dropped(limit)).isPositive();
            fates.add(running.fates.stream()
                    .map(fate -> fate == limit ? -1 : fate)
                    .toList());
        }
        assertThat(fates.get(1)).isEqualTo(fates.get(0));
    }

    private static boolean sendSlowly(FrameSlot slot) {
        if (slot.sourceTag() % 100 == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    /** Frames that lie where no memory is, decoded by rx or by the filter: each is one error. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldKeepTheLaneAliveWhenAFrameCannotBeDecoded(int threads) throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE), 20_000, 64, 0, null);
        source.lendNoMemoryEvery(2_500);
        RunningPipeline running =
                new RunningPipeline(Policies.full(RuleMode.ENFORCE, 50_000), source, threads, PipelineTest::sendSlowly);

        running.run();

        assertThat(running.dropped(Reasons.INTERNAL)).isEqualTo(8);
        assertThat(running.forwarded()).isEqualTo(19_992);
        assertThat(running.errors).hasSize(8);
        assertThat(running.stoppedByErrors).isFalse();
    }

    private static List<byte[]> randomFrames(Random random) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String outside = "198.51.100." + random.nextInt(80);
            String inside = "203.0.113." + random.nextInt(8);
            boolean outbound = random.nextInt(4) == 0;
            int[] ports = {53, 123, 443, 1900, 11211, 27015};
            PacketBuilder builder = PacketBuilder.ethernet()
                    .ipv4(outbound ? inside : outside, outbound ? outside : inside)
                    .udp(ports[random.nextInt(ports.length)], 1024 + random.nextInt(5));
            byte[] payload = new byte[random.nextInt(60)];
            random.nextBytes(payload);
            int kind = random.nextInt(6);
            if (kind == 0) {
                builder.fragment(0, true, random.nextInt(20));
            } else if (kind == 1) {
                builder.fragment(64, false, random.nextInt(20));
            }
            byte[] frame = builder.payload(payload).build();
            if (random.nextInt(20) == 0) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            frames.add(frame);
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldCountWhatCouldNotLeaveAsEgress(int threads) throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE), 1_000, 64, 0, null);
        RunningPipeline running = new RunningPipeline(
                Policies.full(RuleMode.ENFORCE, 50_000), source, threads, slot -> slot.sourceTag() % 4 != 0);

        running.run();

        assertThat(running.forwarded()).isEqualTo(750);
        assertThat(running.dropped(Reasons.EGRESS)).isEqualTo(250);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldKeepTheLaneAliveWhenAFrameMakesAPortThrow(int threads) throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE), 1_000, 64, 0, null);
        RunningPipeline running =
                new RunningPipeline(Policies.full(RuleMode.ENFORCE, 50_000), source, threads, slot -> {
                    if (slot.sourceTag() % 250 == 3) {
                        throw new IllegalStateException("frame " + slot.sourceTag());
                    }
                    return true;
                });

        running.run();

        assertThat(running.dropped(Reasons.INTERNAL)).isEqualTo(4);
        assertThat(running.forwarded()).isEqualTo(996);
        assertThat(running.errors).hasSize(4);
        assertThat(running.stoppedByErrors).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldStopReadingWhenErrorsComeTooFastAndLoseNoFrame(int threads) throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE), 100_000_000, 64, 0, null);
        RunningPipeline running =
                new RunningPipeline(Policies.full(RuleMode.ENFORCE, 50_000), source, threads, slot -> {
                    throw new IllegalStateException("always");
                });

        running.run();

        assertThat(running.stoppedByErrors).isTrue();
        assertThat(running.errors).as("events are bounded").hasSize(10);
        assertThat(running.received()).isLessThan(100_000_000).isEqualTo(running.dropped(Reasons.INTERNAL));
        assertThat(source.released()).isEqualTo(running.received());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldSettleWhatWasReadWhenTheSourceFails(int threads) throws InterruptedException {
        IOException cut = new IOException("ends inside a record");
        MemorySource source = new MemorySource(List.of(WEB_PAGE, MEMCACHED_ANSWER), 5_001, 64, 0, cut);
        RunningPipeline running =
                new RunningPipeline(Policies.full(RuleMode.ENFORCE, 50_000), source, threads, s -> true);

        Pipeline pipeline = running.run();

        assertThat(pipeline.failure()).isSameAs(cut);
        assertThat(running.received()).isEqualTo(5_001);
        assertThat(running.forwarded()).isEqualTo(2_501);
    }

    @Test
    void shouldForwardEverythingInMonitorModeAndSayWhatItWouldDrop() throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE, MEMCACHED_ANSWER), 2_000, 64, 0, null);
        RunningPipeline running = new RunningPipeline(Policies.full(RuleMode.MONITOR, 50_000), source, 2, s -> true);

        running.run();

        int memcached = running.engine.reasons().reflection("memcached");
        assertThat(running.forwarded()).isEqualTo(2_000);
        assertThat(running.dropped()).isZero();
        assertThat(running.engine.counters(Lane.INBOUND).wouldDropFrames(memcached))
                .isEqualTo(1_000);
    }

    @Test
    void shouldChangePoliciesBetweenBatchesWithoutLosingAFrame() throws InterruptedException {
        MemorySource source = new MemorySource(List.of(WEB_PAGE, MEMCACHED_ANSWER), 400_000, 64, 0, null);
        RunningPipeline running = new RunningPipeline(Policies.full(RuleMode.MONITOR, 50_000), source, 2, s -> true);
        Thread reloader = new Thread(() -> {
            for (int i = 0; i < 20; i++) {
                running.engine.reload(Policies.full(i % 2 == 0 ? RuleMode.ENFORCE : RuleMode.MONITOR, 1_000 + i));
            }
        });
        reloader.start();

        running.run();
        reloader.join();

        assertThat(running.received()).isEqualTo(400_000);
        assertThat(running.forwarded() + running.dropped()).isEqualTo(400_000);
        assertThat(running.sent).isSorted();
    }

    @Test
    void shouldKeepLimiterStateOverAReload() throws InterruptedException {
        MemorySource source = new MemorySource(
                List.of(PacketBuilder.ethernet()
                        .ipv4("198.18.0.7", "203.0.113.5")
                        .udp(40_000, 40_001)
                        .build()),
                100,
                64,
                0,
                null);
        RunningPipeline running = new RunningPipeline(Policies.full(RuleMode.ENFORCE, 60), source, 1, s -> true);
        running.engine.reload(Policies.full(RuleMode.ENFORCE, 60));

        running.run();
        running.engine.reload(Policies.full(RuleMode.ENFORCE, 60));

        assertThat(running.forwarded()).isEqualTo(60);
        assertThat(running.engine.sourcesTracked()).isEqualTo(1);
    }
}
