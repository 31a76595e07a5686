package io.breakwater.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What ethtool and the kernel say about a card. */
class CardTextTest {
    @Test
    void shouldReadRingSizes() {
        String output = """
                Ring parameters for eth0:
                Pre-set maximums:
                RX:\t\t4096
                RX Mini:\tn/a
                TX:\t\t4096
                Current hardware settings:
                RX:\t\t512
                TX:\t\t512
                """;
        assertThat(CardRing.parse(output)).isEqualTo(new CardRing(4096, 512));
        assertThat(CardRing.parse(output.replace("512", "n/a"))).isEqualTo(new CardRing(4096, 0));
        assertThat(CardRing.parse("netlink error: Operation not supported\n")).isEqualTo(new CardRing(0, 0));
    }

    @Test
    void shouldFindACardsOwnInterruptsOnly() {
        List<String> lines = List.of(
                "            CPU0       CPU1",
                "   1:          9          0   IO-APIC   1-edge      i8042",
                " 120:          9          0   PCI-MSI 1-edge      eth1",
                " 121:          9          0   PCI-MSI 2-edge      eth1-TxRx-0",
                " 122:          9          0   PCI-MSI 3-edge      ice-eth1-TxRx-1",
                " 123:          9          0   PCI-MSI 4-edge      eth10-TxRx-0",
                " NMI:          0          0   Non-maskable interrupts",
                "x: eth1");
        assertThat(CardInterrupts.of("eth1", lines)).containsExactly(120, 121, 122);
        assertThat(CardInterrupts.of("eth2", lines)).isEmpty();
    }
}
