package io.breakwater.capture.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import io.breakwater.capture.nativeaccess.PcapReader;
import org.junit.jupiter.api.Test;
import org.pcap4j.core.Pcaps;

/** Opening, as far as it needs neither root nor a network. */
class PcapHandlesTest {
    @Test
    void shouldRunPcap4jOnACurrentJna() {
        assumeTrue(PcapReader.isAvailable(), "needs libpcap: apt-get install libpcap0.8");
        assertThat(Pcaps.libVersion()).startsWith("libpcap version 1.");
        assertThat(Native.VERSION).isEqualTo("5.19.1");
        assertThat(Native.VERSION_NATIVE).startsWith("7.");
    }

    @Test
    void shouldNameTheInterfacesThatExistWhenOneDoesNot() {
        assumeTrue(PcapReader.isAvailable(), "needs libpcap: apt-get install libpcap0.8");
        assertThatThrownBy(() -> PcapPort.open("nic9", 64, PortOptions.DEFAULT, PortListener.NONE))
                .isInstanceOf(PortException.class)
                .hasMessageStartingWith("port nic9: no such interface; there are: ")
                .hasMessageContaining("lo");
        assertThatThrownBy(() -> PcapPort.open("a-name-that-is-too-long", 64, PortOptions.DEFAULT, PortListener.NONE))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("no such interface");
    }
}
