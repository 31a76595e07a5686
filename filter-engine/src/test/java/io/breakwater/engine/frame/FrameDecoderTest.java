package io.breakwater.engine.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    @Test
    void shouldFindPortsBehindTwoVlanTags() {
        FrameSlot slot = PacketBuilder.ethernet()
                .tag(0x88a8, 10)
                .vlan(100)
                .ipv4("198.18.0.1", "203.0.113.5")
                .udp(11211, 40000)
                .payload("VALUE")
                .decoded();

        assertThat(slot.status()).isEqualTo(FrameSlot.IP);
        assertThat(slot.sourcePort()).isEqualTo(11211);
        assertThat(slot.destinationPort()).isEqualTo(40000);
        assertThat(slot.payloadLength()).isEqualTo(5);
    }

    @Test
    void shouldFindPortsBehindIpv6Extensions() {
        FrameSlot slot = PacketBuilder.ethernet()
                .ipv6("2001:db8::1", "2001:db8::2")
                .extension(0, 8)
                .extension(60, 16)
                .udp(53, 40000)
                .payloadBytes(20)
                .decoded();

        assertThat(slot.protocol()).isEqualTo(17);
        assertThat(slot.sourcePort()).isEqualTo(53);
    }
}
