package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Rate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random limits and random traffic against the definition, written down as plainly as can be: a map without end. */
class RateLimiterModelTest {
    private static final long YEAR = 365 * 86_400 * SECOND;

    @Test
    void shouldJudgeEveryFrameAsTheDefinitionDoes() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 400; round++) {
            LimitBuilder policy = anyLimit(random);
            RateLimiter limiter = policy.build();
            Model model = new Model(policy);
            FrameSlot[] frames = anyFrames(random);
            long nowNs = random.nextLong() >> random.nextInt(64);
            int passes = 0;
            for (int step = 0; step < 500; step++) {
                nowNs += anyElapsed(random);
                FrameSlot frame = frames[Math.min(random.nextInt(frames.length), random.nextInt(frames.length))];
                boolean expected = model.drops(frame, nowNs);
                assertThat(LimitBuilder.drops(limiter, frame, nowNs))
                        .as("seed %d round %d step %d at %d: %s", seed, round, step, nowNs, policy.rule())
                        .isEqualTo(expected);
                passes += expected ? 0 : 1;
            }
            assertThat(passes)
                    .as("seed %d round %d: some frames pass", seed, round)
                    .isPositive();
            assertThat(limiter.entries()).as("seed %d", seed).isLessThanOrEqualTo(model.states.size());
            assertThat(limiter.evictions()).as("seed %d", seed).isZero();
        }
    }

    private static LimitBuilder anyLimit(SplittableRandom random) {
        LimitRule.Key[] keys = LimitRule.Key.values();
        LimitBuilder policy = new LimitBuilder()
                .match(LimitRule.Match.ANY)
                .track(new LimitRule.Track(
                        keys[random.nextInt(keys.length)], random.nextInt(20, 33), random.nextInt(100, 129)))
                .holdNs(random.nextBoolean() ? 0 : random.nextLong(1, 10 * SECOND))
                .seed(random.nextLong());
        // Idle times far below what buckets take to fill: forgetting must not refill them.
        policy.table(random.nextInt(100, 400), random.nextLong(0, 2 * SECOND), LimitRule.WhenFull.EVICT);
        Bucket packets = new Bucket(anyRate(random), random.nextInt(1, 20));
        long bitRate = 1 + random.nextLong(1L << random.nextInt(1, 34));
        Bucket bits = new Bucket(Rate.bitsPerSecond(bitRate), 1 + random.nextInt(100_000));
        return switch (random.nextInt(4)) {
            case 0 -> policy.buckets(packets);
            case 1 -> policy.buckets(bits);
            case 2 -> policy.buckets(bits, packets);
            default -> policy.window(random.nextInt(1, 20), random.nextInt(1, 20));
        };
    }

    private static Rate anyRate(SplittableRandom random) {
        long[] periods = {1, 60, 3_600, 86_400};
        return new Rate(
                Rate.Unit.PACKETS,
                1 + random.nextLong(1L << random.nextInt(1, 20)),
                SECOND * periods[random.nextInt(4)]);
    }

    private static FrameSlot[] anyFrames(SplittableRandom random) {
        FrameSlot[] frames = new FrameSlot[60];
        for (int i = 0; i < frames.length; i++) {
            boolean ipv4 = random.nextBoolean();
            // The same low 32 bits in both families, within and beyond the cut prefixes.
            String prefix = ipv4 ? "" : random.nextInt(4) == 0 ? "::1:" : "::";
            String source = prefix + "198.18." + random.nextInt(3) + "." + random.nextInt(4);
            String destination = prefix + "203.0." + random.nextInt(2) + "." + random.nextInt(3);
            PacketBuilder packet = PacketBuilder.ethernet().ip(source, destination);
            frames[i] = random.nextInt(5) == 0
                    ? packet.protocol(47).payloadBytes(random.nextInt(1_000)).decoded()
                    : packet.udp(random.nextInt(1, 4), 9)
                            .payloadBytes(random.nextInt(1_400))
                            .decoded();
        }
        return frames;
    }

    private static long anyElapsed(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> 0;
            case 3, 4, 5 -> random.nextLong(SECOND / 100);
            case 6, 7 -> random.nextLong(SECOND);
            case 8 -> random.nextLong(20) * SECOND;
            default -> random.nextInt(50) == 0 ? random.nextLong(YEAR / 2) : random.nextLong(SECOND * 100);
        };
    }

    /** The definition. Time here never wraps, for it starts at 0. */
    private static final class Model {
        private final LimitBuilder policy;
        private final Map<List<Object>, KeyState> states = new HashMap<>();
        private long firstNs;
        private boolean started;

        Model(LimitBuilder policy) {
            this.policy = policy;
        }

        boolean drops(FrameSlot frame, long clockNs) {
            firstNs = started ? firstNs : clockNs;
            started = true;
            long nowNs = clockNs - firstNs;
            KeyState state = states.computeIfAbsent(key(frame), key -> new KeyState(policy, nowNs));
            boolean found = policy.window == null ? state.takeTokens(frame, nowNs) : state.count(policy, nowNs);
            boolean held = state.missedNs != null && nowNs < state.missedNs + policy.holdNs;
            if (!found) {
                state.missedNs = nowNs;
            }
            return !found || held;
        }

        private List<Object> key(FrameSlot frame) {
            List<Object> key = new ArrayList<>();
            switch (policy.track.key()) {
                case SOURCE -> key.add(cut(frame, frame.sourceHi(), frame.sourceLo()));
                case DESTINATION -> key.add(cut(frame, frame.destinationHi(), frame.destinationLo()));
                case PAIR -> {
                    key.add(cut(frame, frame.sourceHi(), frame.sourceLo()));
                    key.add(cut(frame, frame.destinationHi(), frame.destinationLo()));
                }
                case SOURCE_PORT -> key.add(frame.sourcePort());
                case DESTINATION_AND_SOURCE_PORT -> {
                    key.add(cut(frame, frame.destinationHi(), frame.destinationLo()));
                    key.add(frame.sourcePort());
                }
                case RULE -> key.add("rule");
            }
            return key;
        }

        /** The first bits of the address, as text. */
        private String cut(FrameSlot frame, long hi, long lo) {
            boolean ipv4 = frame.isIpv4();
            String bits = ipv4 ? binary(lo).substring(32) : binary(hi) + binary(lo);
            return ipv4 + bits.substring(0, ipv4 ? policy.track.ipv4Length() : policy.track.ipv6Length());
        }

        private static String binary(long word) {
            String digits = Long.toBinaryString(word);
            return "0".repeat(64 - digits.length()) + digits;
        }
    }

    private static final class KeyState {
        private final List<TokenBucketTest.ExactBucket> buckets = new ArrayList<>();
        private final List<Boolean> bits = new ArrayList<>();
        private long refilledNs;
        private long openedNs;
        private long frames;
        private @Nullable Long missedNs;

        KeyState(LimitBuilder policy, long nowNs) {
            for (Bucket bucket : policy.buckets) {
                boolean isBits = bucket.rate().unit() == Rate.Unit.BITS;
                buckets.add(new TokenBucketTest.ExactBucket(bucket, isBits ? LimitBuilder.MAX_FRAME_BYTES * 8L : 1));
                bits.add(isBits);
            }
            refilledNs = nowNs;
        }

        boolean takeTokens(FrameSlot frame, long nowNs) {
            boolean all = true;
            for (int i = 0; i < buckets.size(); i++) {
                buckets.get(i).refill(nowNs - refilledNs);
                all &= buckets.get(i).holds(cost(frame, i));
            }
            refilledNs = nowNs;
            for (int i = 0; all && i < buckets.size(); i++) {
                buckets.get(i).spend(cost(frame, i));
            }
            return all;
        }

        private long cost(FrameSlot frame, int i) {
            return bits.get(i) ? frame.length() * 8L : 1;
        }

        boolean count(LimitBuilder policy, long nowNs) {
            LimitRule.Window window = java.util.Objects.requireNonNull(policy.window);
            if (frames == 0 || nowNs > openedNs + window.seconds() * SECOND) {
                openedNs = nowNs;
                frames = 0;
            }
            frames++;
            return frames <= window.count();
        }
    }
}
