package io.breakwater.appliance.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.attack.AttackEvent;
import io.breakwater.engine.attack.AttackEvent.Kind;
import io.breakwater.engine.attack.AttackEvent.Reflector;
import io.breakwater.engine.policy.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttackTextTest {
    private static final Prefix VICTIM = Prefix.parse("203.0.113.5/32");
    private static final AttackEvent EVENT = new AttackEvent(
            Kind.START,
            "memcached",
            VICTIM,
            0,
            1_000_000_000L,
            1_200,
            9_600_000,
            1_200,
            9_600_000,
            10_500,
            1_050_000,
            100,
            List.of(
                    new Reflector(Prefix.parse("198.18.9.9/32"), 2_000, 2_000),
                    new Reflector(Prefix.parse("198.18.1.1/32"), 1, 1_656)));

    /** A bound that stands there as if it were counted has people ask whether the box lost the rest. */
    @Test
    void shouldTellBetweenWhichNumbersAReflectorSentWhereItIsNotKnownExactly() {
        String all = "198.18.9.9 (2,000), 198.18.1.1 (1 to 1,656)";
        assertThat(AttackText.line("uplink", EVENT)).endsWith(", about 100 sources, most from " + all);
        assertThat(AttackText.report(List.of(new SeenAttack(EVENT)))).endsWith("; most from " + all + "\n");
    }

    @Test
    void shouldTellProgramsBothBounds() {
        assertThat(new OngoingAttack("uplink", Instant.EPOCH, EVENT).toMap())
                .containsEntry(
                        "reflectors",
                        List.of(
                                Map.of("address", "198.18.9.9", "packets", 2_000L, "packets_at_most", 2_000L),
                                Map.of("address", "198.18.1.1", "packets", 1L, "packets_at_most", 1_656L)));
    }
}
