package io.breakwater.engine.classify;

import static io.breakwater.engine.classify.Policies.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceListsTest {
    private static final SourceLists LISTS = new SourceLists(Policies.sources(
            prefixes("198.18.0.0/16", "198.18.1.128/25", "2001:db8:1::/48", "2001:db8:2::5"),
            prefixes("198.18.1.0/24", "203.0.113.66", "2001:db8:2::/48", "2001:db8:1::6")));

    @ParameterizedTest
    @CsvSource({
        "198.18.0.1, -1",
        "198.18.1.1, 4",
        "198.18.1.129, -1",
        "198.19.0.1, 0",
        "203.0.113.65, 0",
        "203.0.113.66, 4",
        "203.0.113.67, 0",
        "2001:db8:1::1, -1",
        "2001:db8:1::6, 4",
        "2001:db8:2::1, 4",
        "2001:db8:2::5, -1",
        "2001:db8:3::1, 0",
        "::198.18.1.1, 0",
    })
    void shouldJudgeByTheLongestPrefixOfBothListsOnBothLanes(String source, int verdict) {
        String destination = source.contains(":") ? "2001:db8:9::1" : "192.0.2.1";
        PacketBuilder frame =
                PacketBuilder.ethernet().vlan(7).ip(source, destination).udp(53, 40000);

        assertThat(LISTS.classify(frame.decoded(Lane.INBOUND), 0)).isEqualTo(verdict);
        assertThat(LISTS.classify(frame.decoded(Lane.OUTBOUND), 0)).isEqualTo(verdict);
    }

    @Test
    void shouldJudgeLaterFragmentsAndProtocolsWithoutPorts() {
        FrameSlot fragment = PacketBuilder.ethernet()
                .ipv4("203.0.113.66", "192.0.2.1")
                .protocol(17)
                .fragment(1480, false, 9)
                .payloadBytes(100)
                .decoded();
        FrameSlot icmp = PacketBuilder.ethernet()
                .ipv4("203.0.113.66", "192.0.2.1")
                .protocol(1)
                .payloadBytes(8)
                .decoded();

        assertThat(LISTS.classify(fragment, 0)).isEqualTo(Reasons.BLOCKED_SOURCE);
        assertThat(LISTS.classify(icmp, 0)).isEqualTo(Reasons.BLOCKED_SOURCE);
    }

    @Test
    void shouldAllocateNothing() {
        FrameSlot blocked = PacketBuilder.ethernet()
                .ipv4("203.0.113.66", "192.0.2.1")
                .udp(53, 1)
                .decoded();
        FrameSlot unknown = PacketBuilder.ethernet()
                .ipv6("2001:db8:3::1", "2001:db8::1")
                .udp(53, 1)
                .decoded();

        assertThat(Allocation.bytesPerMillion(LISTS, blocked, unknown)).isZero();
    }
}
