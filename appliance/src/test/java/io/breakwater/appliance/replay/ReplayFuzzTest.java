package io.breakwater.appliance.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken frames and broken captures through the whole replay: every frame gets a fate, none is an internal error. */
@Timeout(120)
class ReplayFuzzTest {
    private static final int ROUNDS = 25;
    private static final int FRAMES = 200;

    private static final List<Policy> POLICIES = List.of(
            ReplayRun.builtIn(),
            ReplayRun.policy("reflection: {defaults: off, memcached: drop}\nlimits: []\nfragments: off\n"),
            ReplayRun.policy("protected: [192.0.2.0/24, \"2001:db8:1::/48\"]\nmode: monitor\n"),
            ReplayRun.policy("""
                    protected: [192.0.2.0/24, "2001:db8:1::/48"]
                    sources: {trusted: [198.51.100.7/32], blocked: [198.51.100.8/29]}
                    services: {memcached: {port: 11211, protocols: [udp, tcp], allow: [198.51.100.7/32]}}
                    antispoof: {outbound: strict, inbound: strict, bogons: drop}
                    fragments: {policy: inherit, unknown: 2 packets/s per destination}
                    limits:
                      - name: pair
                        match: {protocol: any}
                        track: pair
                        rate: 3 packets/s
                        hold: 2s
                        table: {max: 64, idle: 1s, when-full: drop}
                    """));

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_122, 0x5eed})
    void shouldGiveEveryBrokenFrameAFate(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Path file = Files.write(folder.resolve("frames.pcap"), capture(random));
            Policy policy = POLICIES.get(random.nextInt(POLICIES.size()));
            ReplayRun run = ReplayRun.of(policy, file, 1 + round % 3, folder.resolve("out"), folder.resolve("drop"));
            assertThat(run.exitCode())
                    .as("seed %d, round %d: %s", seed, round, run.err())
                    .isZero();
            assertThat(run.count("frames")).as("seed %d, round %d", seed, round).isEqualTo(FRAMES);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 19_700_101})
    void shouldEndOnEveryBrokenCapture(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = capture(random);
            for (int hits = random.nextInt(1, 8); hits > 0; hits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("broken.pcap"), bytes);
            String when = "seed %d, round %d".formatted(seed, round);
            try {
                ReplayRun run = ReplayRun.of(POLICIES.get(0), file, 2, folder.resolve("out"), null);
                assertThat(run.err()).as(when).doesNotContain("internal", "Exception");
                assertThat(run.exitCode()).as(when).isBetween(0, 1);
            } catch (CommandFailure refused) {
                assertThat(refused.exitCode()).as(when).isEqualTo(CommandFailure.USAGE);
            }
        }
    }

    private static byte[] capture(SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        words(out, 0xa1b23c4d, 0x0004_0002, 0, 0, 65_535, 1);
        for (byte[] frame : frames(random)) {
            int original = random.nextInt(8) == 0 ? frame.length + random.nextInt(2_000) : frame.length;
            words(out, random.nextInt(16) == 0 ? random.nextInt() : 1_000, random.nextInt(), frame.length, original);
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    private static List<byte[]> frames(SplittableRandom random) {
        List<byte[]> frames = new ArrayList<>();
        while (frames.size() < FRAMES) {
            byte[] frame = wellFormed(random);
            for (int hits = random.nextInt(5); hits > 0; hits--) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            frames.add(random.nextInt(6) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length)) : frame);
        }
        return frames;
    }

    private static byte[] wellFormed(SplittableRandom random) {
        int[] ports = {53, 123, 161, 500, 1194, 3478, 5060, 5683, 11211, 40_000};
        boolean ipv6 = random.nextBoolean();
        String inside = ipv6 ? "2001:db8:1::1" : "192.0.2.1";
        String outside = ipv6 ? "2001:db8:2::" + random.nextInt(1, 12) : "198.51.100." + random.nextInt(1, 12);
        boolean inbound = random.nextInt(3) > 0;
        PacketBuilder frame = PacketBuilder.ethernet();
        for (int tags = random.nextInt(3); tags > 0; tags--) {
            frame.vlan(random.nextInt(1, 4_000));
        }
        frame.ip(inbound ? outside : inside, inbound ? inside : outside);
        if (random.nextInt(4) == 0) {
            frame.fragment(random.nextInt(3) * 8, random.nextBoolean(), random.nextInt(4));
        }
        int source = ports[random.nextInt(ports.length)];
        int destination = ports[random.nextInt(ports.length)];
        byte[] payload = new byte[random.nextInt(1, 80)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) random.nextInt();
        }
        return (random.nextInt(4) == 0 ? frame.tcp(source, destination) : frame.udp(source, destination))
                .payload(payload)
                .build();
    }

    private static void words(ByteArrayOutputStream out, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        out.writeBytes(bytes.array());
    }
}
