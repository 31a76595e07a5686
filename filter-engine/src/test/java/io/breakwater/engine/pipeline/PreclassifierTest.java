package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.RuleMode;
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
}
