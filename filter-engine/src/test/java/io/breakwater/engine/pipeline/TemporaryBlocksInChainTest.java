package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.RuleMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where temporary blocks stand among the classifiers, and what they outlive. */
class TemporaryBlocksInChainTest {
    private static Policy trusting(RuleMode mode, String... trusted) {
        return new Policy(
                List.of(),
                mode,
                List.of(trusted).stream().map(Prefix::parse).toList(),
                List.of(),
                List.of(),
                List.of(),
                AntiSpoof.OFF,
                Fragments.OFF,
                List.of(),
                AttackDetection.OFF);
    }

    private static PairEngine blocking(Policy policy, String prefix) {
        PairEngine engine = new PairEngine(policy, new Reasons(), PairEngine.Setup.REPLAY);
        engine.blocks().replace(List.of(Prefix.parse(prefix)));
        return engine;
    }

    private static int verdict(PairEngine engine, Lane lane, String source) {
        FrameSlot slot = PacketBuilder.ethernet()
                .ipv4(source, "203.0.113.5")
                .udp(40_000, 53)
                .decoded(lane);
        engine.filter(lane).onBatchStart(0);
        engine.filter(lane).judge(slot, 0);
        return slot.verdict();
    }

    @Test
    void shouldDropOnBothLanes() {
        PairEngine engine = blocking(trusting(RuleMode.ENFORCE), "198.18.0.0/16");

        assertThat(verdict(engine, Lane.INBOUND, "198.18.0.7")).isEqualTo(Reasons.BLOCKED_SOURCE);
        assertThat(verdict(engine, Lane.OUTBOUND, "198.18.0.7")).isEqualTo(Reasons.BLOCKED_SOURCE);
        assertThat(verdict(engine, Lane.INBOUND, "198.19.0.7")).isEqualTo(Verdict.FORWARD);
    }

    @Test
    void shouldLetTrustedSourcesWinWhateverThePrefixLengths() {
        PairEngine wider = blocking(trusting(RuleMode.ENFORCE, "198.18.0.0/24"), "198.18.0.0/16");
        assertThat(verdict(wider, Lane.INBOUND, "198.18.0.7")).isEqualTo(Verdict.FORWARD);
        assertThat(verdict(wider, Lane.INBOUND, "198.18.1.7")).isEqualTo(Reasons.BLOCKED_SOURCE);

        PairEngine longer = blocking(trusting(RuleMode.ENFORCE, "198.18.0.0/16"), "198.18.0.7/32");
        assertThat(verdict(longer, Lane.INBOUND, "198.18.0.7")).isEqualTo(Verdict.FORWARD);
    }

    @Test
    void shouldOutliveAReload() {
        PairEngine engine = blocking(trusting(RuleMode.ENFORCE), "198.18.0.0/16");
        engine.reload(trusting(RuleMode.ENFORCE, "198.18.9.0/24"));

        assertThat(verdict(engine, Lane.INBOUND, "198.18.0.7")).isEqualTo(Reasons.BLOCKED_SOURCE);
        assertThat(verdict(engine, Lane.INBOUND, "198.18.9.7")).isEqualTo(Verdict.FORWARD);
    }

    @Test
    void shouldOnlyCountInMonitorMode() {
        PairEngine engine = blocking(trusting(RuleMode.MONITOR), "198.18.0.0/16");

        assertThat(verdict(engine, Lane.INBOUND, "198.18.0.7")).isEqualTo(Verdict.FORWARD);
        assertThat(engine.counters(Lane.INBOUND).wouldDropFrames(Reasons.BLOCKED_SOURCE))
                .isEqualTo(1);
    }
}
