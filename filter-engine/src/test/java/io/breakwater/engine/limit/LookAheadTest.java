package io.breakwater.engine.limit;

import static io.breakwater.engine.limit.LimitBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.policy.LimitRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Looking ahead is for speed alone: a limit that does must judge, count and forget as one that does not. */
class LookAheadTest {
    private static final LimitRule.Key[] KEYS = LimitRule.Key.values();
    private static final LimitRule.WhenFull[] WHEN_FULL = LimitRule.WhenFull.values();

    @Test
    void shouldChangeNoVerdictAndNoEntry() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            // A large burst is what lets light keys pass a full table.
            boolean largeBurst = round % 4 == 0;
            boolean first = random.nextBoolean();
            LimitBuilder policy = anyLimit(random);
            if (largeBurst) {
                policy.packets(100_000, 4_096);
            }
            RateLimiter looking = policy.build();
            RateLimiter plain = policy.build();
            List<FrameSlot> frames = frames(random);
            long nowNs = 0;
            int drops = 0;
            for (int batch = 0; batch < 40; batch++) {
                FrameSlot[] ahead = new FrameSlot[random.nextInt(RateLimiter.MAX_AHEAD + 1)];
                take(random, frames, ahead);
                for (FrameSlot frame : ahead) {
                    preclassify(frame, looking, first);
                }
                looking.lookAhead(first ? 0 : 1, ahead, ahead.length, nowNs);
                for (FrameSlot frame : ahead) {
                    nowNs += random.nextLong(SECOND / 1_000);
                    frame.solicited(random.nextInt(4) == 0);
                    int verdict = classifyAhead(looking, frame, first, nowNs);
                    assertThat(plain.classify(frame, nowNs))
                            .as("seed %d round %d batch %d: %s", seed, round, batch, policy.rule())
                            .isEqualTo(verdict);
                    drops += verdict == LimitBuilder.REASON ? 1 : 0;
                }
            }
            assertThat(List.of(looking.entries(), looking.evictions(), looking.refusals()))
                    .as("seed %d round %d: entries, evictions, refusals", seed, round)
                    .isEqualTo(List.of(plain.entries(), plain.evictions(), plain.refusals()));
            if (!largeBurst) {
                assertThat(drops).as("seed %d round %d", seed, round).isPositive();
            }
        }
    }

    /** Its words are still there, and so is where it stood. */
    @Test
    void shouldMakeAnEntryForAKeyThatWasForgottenSinceItWasLookedAheadTo() {
        RateLimiter limiter = new LimitBuilder()
                .packets(1, 1)
                .table(8, SECOND, LimitRule.WhenFull.EVICT)
                .build();
        FrameSlot frame = PacketBuilder.ethernet()
                .ip("198.18.0.1", "203.0.113.1")
                .udp(1, 9)
                .payloadBytes(20)
                .decoded();
        limiter.classify(frame, 0);
        frame.ahead(0);
        preclassify(frame, limiter, true);
        limiter.lookAhead(0, new FrameSlot[] {frame}, 1, 0);

        classifyAhead(limiter, frame, true, 10 * SECOND);

        assertThat(limiter.entries()).isEqualTo(1);
    }

    /** As a chain does: the slot says what names the key of the first limit, here or another one's. */
    private static void preclassify(FrameSlot frame, RateLimiter limiter, boolean first) {
        boolean matches = limiter.frames().matches(frame);
        frame.preclassify(1, false, matches ? first ? 1 : 3 : 0);
        limiter.frames().name(frame);
        if (!first) {
            frame.limitKey(frame.limitHash() ^ 1, frame.limitIdentity() ^ 1);
        }
    }

    private static int classifyAhead(RateLimiter limiter, FrameSlot frame, boolean first, long nowNs) {
        limiter.sweep(nowNs);
        if (frame.matchingLimits() == 0) {
            return Verdict.UNSETTLED;
        }
        return first ? limiter.classifyFirst(frame, nowNs) : limiter.classifyNext(frame, nowNs);
    }

    private static LimitBuilder anyLimit(SplittableRandom random) {
        boolean unsolicitedOnly = random.nextBoolean();
        LimitRule.Match any = LimitRule.Match.ANY;
        return new LimitBuilder()
                .match(new LimitRule.Match(
                        Lane.INBOUND,
                        17,
                        false,
                        any.sources(),
                        any.destinations(),
                        any.sourcePorts(),
                        any.destinationPorts(),
                        any.vectors(),
                        false,
                        unsolicitedOnly,
                        null,
                        null))
                .track(KEYS[random.nextInt(KEYS.length)])
                .packets(1 + random.nextInt(3), 1)
                .table(random.nextInt(1, 200), random.nextLong(SECOND), WHEN_FULL[random.nextInt(WHEN_FULL.length)])
                .seed(random.nextLong());
    }

    /** Takes frames of the pool, each at most once, and decodes them as the filter does before it looks ahead. */
    private static void take(SplittableRandom random, List<FrameSlot> frames, FrameSlot[] ahead) {
        int first = random.nextInt(frames.size());
        for (int i = 0; i < ahead.length; i++) {
            ahead[i] = frames.get((first + i) % frames.size());
            FrameDecoder.decode(ahead[i]);
            ahead[i].ahead(i);
        }
    }

    private static List<FrameSlot> frames(SplittableRandom random) {
        List<FrameSlot> frames = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String prefix = random.nextInt(4) == 0 ? "::" : "";
            PacketBuilder packet = PacketBuilder.ethernet()
                    .ip(prefix + "198.18.0." + random.nextInt(250), prefix + "203.0.113." + random.nextInt(4));
            int port = 1 + random.nextInt(3);
            frames.add(
                    random.nextInt(8) == 0
                            ? packet.tcp(port, 9).decoded()
                            : packet.udp(port, 9).payloadBytes(20).decoded());
        }
        return frames;
    }
}
