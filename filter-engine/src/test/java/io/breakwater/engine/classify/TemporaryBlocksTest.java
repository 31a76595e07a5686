package io.breakwater.engine.classify;

import static io.breakwater.engine.classify.Policies.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemporaryBlocksTest {
    private final TemporaryBlocks blocks = new TemporaryBlocks();

    private static FrameSlot from(String source) {
        String destination = source.contains(":") ? "2001:db8:9::1" : "192.0.2.1";
        return PacketBuilder.ethernet().ip(source, destination).udp(53, 40_000).decoded();
    }

    private int verdict(String source) {
        return blocks.classify(from(source), 0);
    }

    @Test
    void shouldSettleNothingWhileEmpty() {
        assertThat(verdict("198.18.0.7")).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldDropWhatItHoldsOfEitherFamilyAndNothingElse() {
        blocks.replace(prefixes("198.18.0.0/24", "2001:db8:1::/48"));

        assertThat(verdict("198.18.0.7")).isEqualTo(Reasons.BLOCKED_SOURCE);
        assertThat(verdict("2001:db8:1::7")).isEqualTo(Reasons.BLOCKED_SOURCE);
        assertThat(verdict("198.18.1.7")).isEqualTo(Verdict.UNSETTLED);
        assertThat(verdict("::198.18.0.7")).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldForgetWhatANewListDoesNotHold() {
        blocks.replace(prefixes("198.18.0.0/24"));
        blocks.replace(prefixes("198.18.1.0/24"));
        assertThat(verdict("198.18.0.7")).isEqualTo(Verdict.UNSETTLED);
        assertThat(verdict("198.18.1.7")).isEqualTo(Reasons.BLOCKED_SOURCE);

        blocks.replace(List.of());
        assertThat(verdict("198.18.1.7")).isEqualTo(Verdict.UNSETTLED);
    }

    @Test
    void shouldAllocateNothing() {
        assertThat(Allocation.bytesPerMillion(blocks, from("198.18.0.7"))).isZero();
        blocks.replace(prefixes("198.18.0.0/24"));
        assertThat(Allocation.bytesPerMillion(blocks, from("198.18.0.7"), from("2001:db8::1")))
                .isZero();
    }
}
