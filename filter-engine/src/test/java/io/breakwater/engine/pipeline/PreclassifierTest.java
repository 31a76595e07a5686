package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.limit.LimitedFrames;
import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.VectorTable;
import io.breakwater.engine.reflection.QuestionRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A frame that is plain is shown to blocks and limits alone, so whatever another step has to say of must not be. */
class PreclassifierTest {
    private static final String INSIDE = "203.0.113.5";
    private static final String OUTSIDE = "198.18.0.7";

    private static FrameSlot preclassified(FrameSlot slot) {
        PairEngine engine = new PairEngine(Policies.full(RuleMode.ENFORCE, 10), new Reasons(), PairEngine.Setup.REPLAY);
        engine.filter(slot.lane()).preclassifier().preclassify(slot);
        return slot;
    }

    private static PacketBuilder inbound() {
        return PacketBuilder.ethernet().ipv4(OUTSIDE, INSIDE);
    }

    @ParameterizedTest
    @CsvSource({
        "443, 50000, true",
        "11211, 50000, false", // a vector that is dropped
        "53, 50000, false", // an answer, asked for or not
        "4500, 4500, false", // a long-lived session to renew
        "50000, 53, true", // a question from outside opens nothing
    })
    void shouldKnowInboundFramesByTheirSourcePort(int sourcePort, int destinationPort, boolean plain) {
        FrameSlot slot =
                preclassified(inbound().udp(sourcePort, destinationPort).decoded(Lane.INBOUND));

        assertThat(slot.isPlain()).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({
        "50000, 443, true",
        "50000, 53, false", // a question to remember
        "50000, 123, false",
        "4500, 4500, false",
        "53, 50000, true", // an inside server's answer
    })
    void shouldKnowOutboundFramesByTheirDestinationPort(int sourcePort, int destinationPort, boolean plain) {
        FrameSlot slot = preclassified(PacketBuilder.ethernet()
                .ipv4(INSIDE, OUTSIDE)
                .udp(sourcePort, destinationPort)
                .decoded(Lane.OUTBOUND));

        assertThat(slot.isPlain()).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7", "198.51.100.66"})
    void shouldNotTakeListedSourcesForPlain(String source) {
        FrameSlot slot = preclassified(
                PacketBuilder.ethernet().ipv4(source, INSIDE).udp(443, 50_000).decoded(Lane.INBOUND));

        assertThat(slot.isPlain()).isFalse();
    }

    @Test
    void shouldNotTakeSpoofedSourcesForPlain() {
        FrameSlot slot = preclassified(PacketBuilder.ethernet()
                .ipv4("203.0.113.9", INSIDE)
                .udp(443, 50_000)
                .decoded(Lane.INBOUND));

        assertThat(slot.isPlain()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, true, false", "1480, true, false", "1480, false, false", "0, false, true"})
    void shouldNotTakeFragmentsForPlain(int offset, boolean more, boolean plain) {
        FrameSlot slot = preclassified(inbound()
                .fragment(offset, more, 7)
                .udp(443, 50_000)
                .payloadBytes(64)
                .decoded(Lane.INBOUND));

        assertThat(slot.isPlain()).isEqualTo(plain);
    }

    @Test
    void shouldNotTakeAtomicFragmentsForPlainSinceTheyAreCounted() {
        FrameSlot slot = preclassified(PacketBuilder.ethernet()
                .ipv6("2a00::1", "2001:db8::1")
                .atomicFragment(7)
                .udp(443, 50_000)
                .decoded(Lane.INBOUND));

        assertThat(slot.isPlain()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void shouldNotTakeForPlainWhatIsNoIp(Lane lane) {
        FrameSlot slot = preclassified(
                PacketBuilder.ethernet().etherType(0x0806).payloadBytes(46).decoded(lane));

        assertThat(slot.isPlain()).isFalse();
    }

    @Test
    void shouldSayWhichLimitsMatchAndWhoTheKeyIs() {
        FrameSlot udp = preclassified(inbound().udp(443, 50_000).decoded(Lane.INBOUND));
        FrameSlot other = preclassified(inbound().udp(443, 50_001).decoded(Lane.INBOUND));
        FrameSlot tcp = preclassified(inbound().tcp(443, 50_000).decoded(Lane.INBOUND));
        FrameSlot attack = preclassified(inbound().udp(11_211, 50_000).decoded(Lane.INBOUND));

        assertThat(udp.matchingLimits()).isEqualTo(1);
        assertThat(udp.limitHash()).isEqualTo(other.limitHash()).isNotZero();
        assertThat(udp.limitIdentity()).isEqualTo(other.limitIdentity()).isNotZero();
        assertThat(tcp.matchingLimits()).isZero();
        assertThat(attack.matchingLimits()).isEqualTo(FrameSlot.LIMITS_UNKNOWN);
    }

    /** What it puts together of ports and protocols must say of each frame what the limits themselves say. */
    @Test
    void shouldSayOfAnyFrameWhatTheLimitsThemselvesSay() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int matched = 0;
        for (int round = 0; round < 200; round++) {
            Lane lane = random.nextBoolean() ? Lane.INBOUND : Lane.OUTBOUND;
            List<LimitedFrames> limits = new ArrayList<>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                limits.add(limit(random, lane));
            }
            Preclassifier preclassifier =
                    new Preclassifier(lane, PrefixTable.of(List.of()), List.of(), null, QuestionRecorder.NONE, limits);
            for (int i = 0; i < 50; i++) {
                FrameSlot slot = frame(random, lane);
                preclassifier.preclassify(slot);
                if (slot.status() != FrameSlot.IP) {
                    assertThat(slot.matchingLimits()).isEqualTo(FrameSlot.LIMITS_UNKNOWN);
                    continue;
                }
                for (int place = 0; place < limits.size(); place++) {
                    boolean matches = limits.get(place).matches(slot);
                    assertThat((slot.matchingLimits() >>> place & 1) != 0)
                            .as("seed %d round %d frame %d place %d", seed, round, i, place)
                            .isEqualTo(matches);
                    matched += matches ? 1 : 0;
                }
            }
        }
        assertThat(matched).isPositive();
    }

    private static LimitedFrames limit(SplittableRandom random, Lane lane) {
        int[] protocols = {LimitRule.Match.ANY_PROTOCOL, 6, 17, 17, 58};
        boolean icmp = random.nextInt(8) == 0;
        LimitRule.Match match = new LimitRule.Match(
                lane,
                icmp ? LimitRule.Match.ANY_PROTOCOL : protocols[random.nextInt(protocols.length)],
                icmp,
                List.of(),
                random.nextInt(4) == 0 ? List.of(Prefix.parse("203.0.113.0/25")) : List.of(),
                random.nextInt(4) == 0 ? List.of(new LimitRule.Range(50, 500)) : List.of(),
                random.nextInt(4) == 0 ? List.of(new LimitRule.Range(0, 30_000)) : List.of(),
                random.nextInt(4) == 0 ? Set.of("dns", "memcached") : Set.of(),
                random.nextInt(8) == 0,
                false,
                random.nextInt(4) == 0 ? random.nextBoolean() : null,
                random.nextInt(4) == 0 ? new LimitRule.Range(0, 80) : null);
        LimitRule rule = new LimitRule(
                "any",
                match,
                LimitRule.Track.of(LimitRule.Key.SOURCE),
                List.of(Bucket.of(Rate.packetsPerSecond(1))),
                null,
                LimitRule.Then.DROP,
                0,
                new LimitRule.Table(8, 1, LimitRule.WhenFull.EVICT),
                RuleMode.ENFORCE);
        return RateLimiter.compile(rule, lane, 1, VectorTable.builtIn(), 1_514, (reason, frame) -> {}, null, 1)
                .frames();
    }

    private static FrameSlot frame(SplittableRandom random, Lane lane) {
        int[] ports = {53, 123, 443, 11_211, 50_000};
        boolean ipv4 = random.nextBoolean();
        PacketBuilder packet = PacketBuilder.ethernet();
        packet = ipv4
                ? packet.ipv4(OUTSIDE, random.nextBoolean() ? INSIDE : "203.0.113.200")
                : packet.ipv6("2a00::1", "2001:db8::1");
        if (random.nextInt(4) == 0) {
            packet = packet.fragment(random.nextInt(2) * 64, random.nextBoolean(), 7);
        }
        int source = ports[random.nextInt(ports.length)];
        int destination = ports[random.nextInt(ports.length)];
        packet = switch (random.nextInt(4)) {
            case 0 -> packet.tcp(source, destination);
            case 1 -> packet.protocol(ipv4 ? 1 : 58);
            default -> packet.udp(source, destination);
        };
        int bytes = random.nextInt(100);
        return random.nextInt(8) == 0
                ? packet.payloadBytes(bytes).truncate(20 + random.nextInt(30)).decoded(lane)
                : packet.payloadBytes(bytes).decoded(lane);
    }
}
