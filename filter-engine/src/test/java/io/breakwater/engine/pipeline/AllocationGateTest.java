package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.RuleMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steady state of the whole pipeline allocates nothing, whatever the frames are. */
class AllocationGateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SOURCES = 65_536;
    private static final int KINDS = 8;
    private static final long FRAMES = 1_000_000;
    private static final int ROUNDS = 4;

    /** Not per frame: what the JVM and the Disruptor allocate at rare moments of a thread's life. */
    private static final long ALLOWANCE_BYTES = 4_096;

    @ParameterizedTest
    @CsvSource({"1, ENFORCE", "2, ENFORCE", "3, ENFORCE", "2, MONITOR"})
    void shouldAllocateNothingPerFrame(int threads, RuleMode mode) throws InterruptedException {
        PairEngine engine = new PairEngine(Policies.full(mode, 1_000), new Reasons(), PairEngine.Setup.REPLAY);
        try (PausingSource source = new PausingSource(frames())) {
            Pipeline pipeline = pipeline(threads, engine, source);
            pipeline.start();
            long[] ids = threadsOf("allocation");
            assertThat(ids).hasSize(threads);
            long least = Long.MAX_VALUE;
            // Compiling and class loading may allocate in the first rounds.
            for (int round = 1; round <= ROUNDS; round++) {
                long before = allocatedBytes(ids);
                source.lendAndAwait(round * FRAMES);
                least = Math.min(least, allocatedBytes(ids) - before);
            }
            source.end();
            pipeline.awaitEnd();

            assertThat(least).as("bytes for %d frames", FRAMES).isLessThanOrEqualTo(ALLOWANCE_BYTES);
            assertEveryStepWorked(engine, mode);
        }
    }

    /** Otherwise nothing was measured. */
    private static void assertEveryStepWorked(PairEngine engine, RuleMode mode) {
        long settled = 0;
        for (Lane lane : Lane.values()) {
            var counters = engine.counters(lane);
            assertThat(counters.receivedFrames())
                    .isEqualTo(counters.forwardedFrames() + counters.droppedFrames())
                    .isPositive();
            settled += counters.receivedFrames();
        }
        assertThat(settled).isEqualTo(ROUNDS * FRAMES);
        Reasons reasons = engine.reasons();
        var inbound = engine.counters(Lane.INBOUND);
        for (String name : List.of("reflection:memcached", "unsolicited:dns", "fragment", "malformed")) {
            int id = reasons.id(name);
            assertThat(mode == RuleMode.MONITOR ? inbound.wouldDropFrames(id) : inbound.droppedFrames(id))
                    .as(name)
                    .isPositive();
        }
        assertThat(engine.sourcesTracked()).isGreaterThan(SOURCES / KINDS);
    }

    private static Pipeline pipeline(int threads, PairEngine engine, FrameSource source) {
        PipelineSettings settings = new PipelineSettings(
                "allocation",
                threads,
                PipelineSettings.DEFAULT_RING_SLOTS,
                PipelineSettings.DEFAULT_MAX_BATCH,
                true,
                LatencyClock.PUBLICATION);
        FrameSink sink = new FrameSink() {
            @Override
            public String name() {
                return "nowhere";
            }

            @Override
            public boolean send(FrameSlot slot) {
                return true;
            }
        };
        return new Pipeline(
                settings,
                source,
                Lanes.bySource(engine.filter(Lane.INBOUND), engine.filter(Lane.OUTBOUND)),
                new Pipeline.Egress(sink, engine.counters(Lane.INBOUND), engine.latency(Lane.INBOUND)),
                new Pipeline.Egress(sink, engine.counters(Lane.OUTBOUND), engine.latency(Lane.OUTBOUND)),
                (slot, reason) -> {},
                new NoErrors());
    }

    /** 65,536 frames, each from or to another outside host, of every kind that a step looks at. */
    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < SOURCES; i++) {
            String outside = "198.18." + (i >> 8) + "." + (i & 0xff);
            String outsideIpv6 = "2001:db8:" + Integer.toHexString(i) + "::1";
            String inside = "203.0.113." + (1 + i / KINDS % 200);
            frames.add(
                    switch (i % KINDS) {
                        case 0 ->
                            frame(outside, inside)
                                    .udp(443, 50_000)
                                    .payloadBytes(18)
                                    .build();
                        case 1 -> frame(outside, inside).udp(11_211, 50_000).build();
                        case 2 ->
                            frame(outsideIpv6, "2001:db8:ffff::5")
                                    .udp(443, 50_000)
                                    .build();
                        case 3 ->
                            frame(inside, "198.18.0.53")
                                    .udp(20_000 + i % 4_096, 53)
                                    .payload(dns(i, 1))
                                    .build();
                        case 4 ->
                            frame("198.18.0.53", "203.0.113." + (1 + i / KINDS % 200))
                                    .udp(53, 20_000 + (i - 1) % 4_096)
                                    .payload(dns(i - 1, 0x81))
                                    .build();
                        case 5 ->
                            frame(outside, inside)
                                    .udp(53, 40_000)
                                    .payload(dns(i, 0x81))
                                    .build();
                        case 6 ->
                            frame(outside, "203.0.113.7")
                                    .protocol(17)
                                    .fragment(1_480, false, i)
                                    .payloadBytes(32)
                                    .build();
                        default ->
                            i % 64 == 7
                                    ? frame(outside, inside)
                                            .udp(443, 1)
                                            .lieUdpLength(7)
                                            .build()
                                    : frame(outside, inside)
                                            .udp(11_211, 1)
                                            .fragment(0, true, i)
                                            .payloadBytes(32)
                                            .build();
                    });
        }
        return frames;
    }

    private static PacketBuilder frame(String source, String destination) {
        return PacketBuilder.ethernet().ip(source, destination);
    }

    private static byte[] dns(int id, int flags) {
        return new byte[] {(byte) (id >> 8), (byte) id, (byte) flags, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    }

    private static long[] threadsOf(String pipeline) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("-" + pipeline))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    private static long allocatedBytes(long[] ids) {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(ids)).sum();
    }

    /** Lends frames in turn until a number is reached, and then waits to be told more. */
    private static final class PausingSource implements FrameSource {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment[] frames;
        private final AtomicLong released = new AtomicLong();
        private volatile long quota;
        private volatile boolean ended;
        private long lent;

        PausingSource(List<byte[]> bytes) {
            frames = new MemorySegment[bytes.size()];
            for (int i = 0; i < frames.length; i++) {
                byte[] frame = bytes.get(i);
                frames[i] = arena.allocate(frame.length);
                MemorySegment.copy(frame, 0, frames[i], ValueLayout.JAVA_BYTE, 0, frame.length);
            }
        }

        void lendAndAwait(long total) {
            quota = total;
            while (released.get() < total) {
                LockSupport.parkNanos(100_000);
            }
        }

        void end() {
            ended = true;
        }

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public int poll(SlotWriter slots, int limit) {
            int count = (int) Math.min(limit, quota - lent);
            if (count == 0) {
                LockSupport.parkNanos(10_000);
                return ended ? END : 0;
            }
            for (int i = 0; i < count; i++) {
                FrameSlot slot = slots.tryClaim();
                if (slot == null) {
                    return i;
                }
                MemorySegment frame = frames[(int) (lent % frames.length)];
                int bytes = (int) frame.byteSize();
                slot.wrap(frame, 0, bytes, bytes, LinkLayer.ETHERNET, lent * 1_000);
                lent++;
            }
            return count;
        }

        @Override
        public void release(FrameSlot slot) {
            released.lazySet(released.getPlain() + 1);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private static final class NoErrors implements EngineEvents {
        @Override
        public void onInternalError(String stage, Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onTooManyInternalErrors() {}
    }
}
