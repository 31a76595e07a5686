package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reload keeps: the state of each rule whose name, tracking and table are unchanged. */
class ReloadTest {
    private static final int FRAMES = 100;

    private final PacketBuilder game =
            PacketBuilder.ethernet().ipv4("198.18.0.7", "203.0.113.5").udp(30_120, 9);
    private final PacketBuilder later =
            PacketBuilder.ethernet().ipv4("198.18.0.7", "203.0.113.5").udp(1, 9).payloadBytes(8);

    private static Policy policy(List<Vector> vectors, Bucket unknownFragments, List<LimitRule> limits) {
        return new Policy(
                List.of(),
                RuleMode.ENFORCE,
                List.of(),
                List.of(),
                vectors,
                List.of(),
                AntiSpoof.OFF,
                new Fragments(true, unknownFragments),
                limits,
                AttackDetection.OFF);
    }

    private static Policy vectors(Vector... vectors) {
        return policy(List.of(vectors), bucket(1), List.of());
    }

    private static Vector vector(String name, int port, long burst) {
        return new Vector(name, port, Vector.Match.PORT, null, Vector.Action.LIMIT, bucket(burst), RuleMode.ENFORCE);
    }

    private static Policy limit(LimitRule.Key key, long burst) {
        LimitRule rule = new LimitRule(
                "l",
                LimitRule.Match.inboundUdp(),
                LimitRule.Track.of(key),
                List.of(bucket(burst)),
                null,
                LimitRule.Then.DROP,
                0,
                LimitRule.Table.DEFAULT,
                RuleMode.ENFORCE);
        return policy(List.of(), bucket(1), List.of(rule));
    }

    private static Bucket bucket(long burst) {
        return new Bucket(new Rate(Rate.Unit.PACKETS, burst, 86_400 * Rate.SECOND_NS), burst);
    }

    private static PairEngine engine(Policy policy) {
        return new PairEngine(policy, new Reasons(), PairEngine.Setup.REPLAY);
    }

    /** How many of 100 such frames pass at one time. */
    private static int passed(PairEngine engine, PacketBuilder packet) {
        LaneFilter filter = engine.filter(Lane.INBOUND);
        filter.onBatchStart(0);
        int passed = 0;
        for (int i = 0; i < FRAMES; i++) {
            FrameSlot slot = PacketBuilder.slot(packet.build(), LinkLayer.ETHERNET);
            slot.lane(Lane.INBOUND);
            FrameDecoder.decode(slot);
            filter.judge(slot, 0);
            passed += slot.verdict() > 0 ? 0 : 1;
        }
        return passed;
    }

    @Test
    void shouldKeepWhatAVectorsLimitHasSpentUnderAnotherRate() {
        PairEngine engine = engine(vectors(vector("game", 30_120, 10), vector("other", 1, 10)));
        assertThat(passed(engine, game)).isEqualTo(10);

        engine.reload(vectors(vector("game", 30_120, 15), vector("other", 1, 10)));
        assertThat(passed(engine, game)).isEqualTo(5);

        engine.reload(vectors(vector("game", 30_120, 15)));
        assertThat(passed(engine, game)).isZero();
    }

    @Test
    void shouldStartAnewForAVectorOfAnotherName() {
        PairEngine engine = engine(vectors(vector("game", 30_120, 10)));
        assertThat(passed(engine, game)).isEqualTo(10);

        engine.reload(vectors(vector("renamed", 30_120, 10)));

        assertThat(passed(engine, game)).isEqualTo(10);
    }

    @Test
    void shouldKeepWhatALimitHasSpentUnderAnotherRate() {
        PairEngine engine = engine(limit(LimitRule.Key.SOURCE, 10));
        assertThat(passed(engine, game)).isEqualTo(10);

        engine.reload(limit(LimitRule.Key.SOURCE, 15));

        assertThat(passed(engine, game)).isEqualTo(5);
    }

    @Test
    void shouldStartAnewForALimitThatTracksAnotherKey() {
        PairEngine engine = engine(limit(LimitRule.Key.SOURCE, 10));
        assertThat(passed(engine, game)).isEqualTo(10);

        engine.reload(limit(LimitRule.Key.DESTINATION, 10));

        assertThat(passed(engine, game)).isEqualTo(10);
    }

    @Test
    void shouldKeepWhatUnknownFragmentsHaveSpentUnderAnotherRate() {
        PairEngine engine = engine(policy(List.of(), bucket(10), List.of()));
        PacketBuilder unknown = later.fragment(1480, false, 7);
        assertThat(passed(engine, unknown)).isEqualTo(10);

        engine.reload(policy(List.of(), bucket(15), List.of()));

        assertThat(passed(engine, unknown)).isEqualTo(5);
    }

    @Test
    void shouldKeepTheVerdictsOfFirstFragments() {
        Vector drop = new Vector("game", 30_120, Vector.Match.PORT, null, Vector.Action.DROP, null, RuleMode.ENFORCE);
        PairEngine engine = engine(vectors(drop));
        assertThat(passed(engine, game.payloadBytes(8).fragment(0, true, 7))).isZero();

        engine.reload(policy(List.of(), bucket(50), List.of()));

        assertThat(passed(engine, later.fragment(16, false, 7))).isZero();
        assertThat(passed(engine, later.fragment(16, false, 8))).isEqualTo(50);
    }
}
