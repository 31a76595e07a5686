package io.breakwater.capture.shield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.capture.file.CaptureSource;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import io.breakwater.engine.policy.Policy;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The kernel's verdict against Java's, frame by frame, through BPF_PROG_TEST_RUN: whatever the program drops Java drops,
 * for the same reason.
 *
 * <p>{@code -Dbreakwater.shield.frames=N} sets how many frames are generated per policy and lane.
 */
class ShieldVerdictsIT {
    private static final long SEED = 20_260_715;
    private static final int FRAMES = Integer.getInteger("breakwater.shield.frames", 40_000);
    private static final int BATCH = 10_000;

    /** What BPF_PROG_TEST_RUN takes: a page less head and tail room (net/bpf/test_run.c). */
    private static final int MAX_BYTES = 3_000;

    @Test
    void shouldDropNothingThatJavaWouldNotAndForTheSameReason() throws Exception {
        for (Map.Entry<String, Policy> each : TestPolicies.all().entrySet()) {
            for (Lane lane : Lane.values()) {
                try (Judges judges = new Judges(each.getKey(), each.getValue(), lane)) {
                    RandomFrames frames = new RandomFrames(SEED);
                    for (int done = 0; done < FRAMES; done += BATCH) {
                        judges.compare(Stream.generate(frames::next)
                                .limit(Math.min(BATCH, FRAMES - done))
                                .toList());
                    }
                    System.out.println(judges);
                    assertThat(judges.counted()).as("%s, seed %d", judges, SEED).isEqualTo(judges.expected());
                    assertThat(judges.countedBytes()).isEqualTo(judges.expectedBytes());
                    assertThat(judges.dropped()).as("of %s", judges).isPositive();
                }
            }
        }
    }

    @Test
    void shouldAgreeOnRealCaptures() throws Exception {
        List<Path> captures = captures();
        List<Judges> all = new ArrayList<>();
        try {
            for (String name : List.of("built-in", "strict", "all-drop")) {
                all.add(new Judges(
                        name, Objects.requireNonNull(TestPolicies.all().get(name)), Lane.INBOUND));
            }
            for (Path capture : captures) {
                List<byte[]> frames = ethernetFrames(capture);
                for (Judges judges : all) {
                    judges.compare(frames);
                }
            }
            for (Judges judges : all) {
                System.out.println(judges);
                assertThat(judges.counted()).as("%s", judges).isEqualTo(judges.expected());
            }
        } finally {
            all.forEach(Judges::close);
        }
    }

    @Test
    void shouldDropPlainMemcachedAnswersItself() throws Exception {
        try (Judges judges = new Judges("built-in", TestPolicies.builtIn(), Lane.INBOUND)) {
            List<byte[]> answers = List.of(
                    answer("198.18.0.1", "203.0.113.5").build(),
                    answer("2001:db8::1", "2001:db8:100::7").build(),
                    answer("198.18.0.1", "203.0.113.5").vlan(5).build(),
                    answer("198.18.0.1", "203.0.113.5").tag(0x88a8, 7).vlan(5).build(),
                    answer("198.18.0.1", "203.0.113.5").options(12).build(),
                    answer("2001:db8::1", "2001:db8:100::7").extension(60, 16).build());
            judges.compare(answers);
            assertThat(judges.counted()).isEqualTo(Map.of("reflection:memcached", 6L));
        }
    }

    @Test
    void shouldLeaveFirstFragmentsToJavaWhichRemembersThem() throws Exception {
        try (Judges judges = new Judges("built-in", TestPolicies.builtIn(), Lane.INBOUND)) {
            judges.compare(List.of(
                    answer("198.18.0.1", "203.0.113.5").fragment(0, true, 9).build(),
                    answer("2001:db8::1", "2001:db8:100::7")
                            .fragment(0, true, 9)
                            .build()));
            assertThat(judges.dropped()).isZero();
        }
    }

    @Test
    void shouldDropNothingInMonitorMode() throws Exception {
        Policy policy = TestPolicies.inMonitorMode(TestPolicies.builtIn());
        try (Judges judges = new Judges("monitor", policy, Lane.INBOUND)) {
            RandomFrames frames = new RandomFrames(SEED);
            judges.compare(Stream.generate(frames::next).limit(BATCH).toList());
            assertThat(judges.dropped()).isZero();
        }
    }

    @Test
    void shouldTellVictimsOfWhatItDrops() throws Exception {
        try (Judges judges = new Judges("built-in", TestPolicies.builtIn(), Lane.INBOUND)) {
            byte[] ipv4 = answer("198.18.0.1", "203.0.113.5").build();
            byte[] ipv6 = answer("2001:db8::1", "2001:db8:100::7").build();
            judges.compare(List.of(ipv4, ipv4, ipv6));
            List<String> told = new ArrayList<>();
            judges.tables()
                    .takeVictims((vector, v4, hi, lo, packets, bytes) -> told.add(v4 + " " + Long.toHexString(hi) + " "
                            + Long.toHexString(lo) + " " + packets + " " + bytes));
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "true 0 cb007105 2 " + 2 * ipv4.length, "false 20010db801000000 7 1 " + ipv6.length);
            told.clear();
            judges.tables().takeVictims((vector, v4, hi, lo, packets, bytes) -> told.add("again"));
            assertThat(told).isEmpty();
        }
    }

    @Test
    void shouldPassTheFirstAnswerToAVictimAndAFewMoreOnAsASample() throws Exception {
        try (Judges judges = new Judges("built-in", TestPolicies.builtIn(), Lane.INBOUND, ShieldProgram.SAMPLE_MASK)) {
            byte[] answer = answer("198.18.0.1", "203.0.113.5").build();
            long startNs = System.nanoTime();
            judges.compare(Collections.nCopies(40_960, answer));
            assertThat(40_960 - judges.dropped()).isBetween(1L, mostSamples(startNs));
            assertThat(judges.counted()).isEqualTo(judges.expected());
            judges.tables().takeVictims((vector, v4, hi, lo, packets, bytes) -> packets == judges.dropped());
            judges.compare(List.of(answer));
            assertThat(judges.counted()).as("the first again").isEqualTo(judges.expected());
        }
    }

    @Test
    void shouldPassNoMoreOnOfAFloodOverManyVictims() throws Exception {
        try (Judges judges = new Judges("built-in", TestPolicies.builtIn(), Lane.INBOUND, ShieldProgram.SAMPLE_MASK)) {
            List<byte[]> answers = new ArrayList<>();
            for (int victim = 0; victim < 20_000; victim++) {
                String address = "198.19." + (victim >> 8) + "." + (victim & 255);
                answers.add(answer("198.18.0.1", address).build());
            }
            long startNs = System.nanoTime();
            judges.compare(answers);
            assertThat(answers.size() - judges.dropped()).isBetween(1L, mostSamples(startNs));
            assertThat(judges.counted()).isEqualTo(judges.expected());
        }
    }

    /** One at once and one after each interval, on each processor that the test may have run on. */
    private static long mostSamples(long startNs) {
        long intervals = (System.nanoTime() - startNs) / DropCode.SAMPLE_INTERVAL_NS;
        return Runtime.getRuntime().availableProcessors() * (intervals + 1);
    }

    private static PacketBuilder answer(String source, String destination) {
        return PacketBuilder.ethernet()
                .ip(source, destination)
                .udp(11211, 5_000)
                .payload("\0\0\0\0\0\1\0\0VALUE x 0 1\r\n");
    }

    private static List<Path> captures() throws Exception {
        String said = System.getProperty("breakwater.pcaps", System.getenv("BREAKWATER_PCAPS"));
        Path folder = said != null ? Path.of(said) : Path.of("../..", "shared", "pcaps");
        assumeTrue(Files.isDirectory(folder), "no folder of captures in BREAKWATER_PCAPS or beside the repository");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(pcap|pcapng|cap)"))
                    .sorted()
                    .toList();
        }
    }

    /** Whole Ethernet frames that a test run can take; says what it leaves out. */
    private static List<byte[]> ethernetFrames(Path capture) throws Exception {
        List<byte[]> frames = new ArrayList<>();
        Batch batch = new Batch();
        int others = 0;
        try (CaptureSource source = CaptureSource.open(List.of(capture.toString()), InputStream.nullInputStream())) {
            while (source.poll(batch.reset(), Batch.SIZE) != FrameSource.END) {
                for (int i = 0; i < batch.claimed; i++) {
                    FrameSlot slot = batch.slots[i];
                    boolean whole = slot.capturedLength() == slot.length();
                    if (slot.linkLayer() == LinkLayer.ETHERNET
                            && whole
                            && slot.length() >= 14
                            && slot.length() <= MAX_BYTES) {
                        frames.add(slot.region()
                                .asSlice(slot.offset(), slot.length())
                                .toArray(ValueLayout.JAVA_BYTE));
                    } else {
                        others++;
                    }
                    source.release(slot);
                }
            }
        } catch (java.io.IOException cutShort) {
            System.out.println(capture.getFileName() + ": " + cutShort.getMessage());
        }
        if (others > 0) {
            System.out.println(capture.getFileName() + ": " + others + " frames left out (cut, no Ethernet, or beyond "
                    + MAX_BYTES + " bytes)");
        }
        return frames;
    }

    /** Slots for one poll. */
    private static final class Batch implements SlotWriter {
        static final int SIZE = 256;
        final FrameSlot[] slots = new FrameSlot[SIZE];
        int claimed;

        Batch reset() {
            claimed = 0;
            for (int i = 0; i < SIZE; i++) {
                slots[i] = new FrameSlot(i);
            }
            return this;
        }

        @Override
        public int free() {
            return SIZE - claimed;
        }

        @Override
        public @Nullable FrameSlot tryClaim() {
            return claimed == SIZE ? null : slots[claimed++];
        }
    }
}
