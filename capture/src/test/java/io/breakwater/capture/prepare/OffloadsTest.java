package io.breakwater.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Reading what ethtool and ip print. */
class OffloadsTest {
    private static final String ETHTOOL = """
            Features for eth0:
            rx-checksumming: on [fixed]
            tx-checksumming: off
            \ttx-checksum-ipv4: off [fixed]
            \ttx-checksum-ip-generic: off
            scatter-gather: off
            \ttx-scatter-gather: off [requested on]
            tcp-segmentation-offload: off
            \ttx-tcp-segmentation: off [requested on]
            generic-receive-offload: on
            large-receive-offload: on [requested off]
            """;

    @Test
    void shouldTellWhatIsOnFromWhatWasAskedFor() {
        assertThat(Offloads.parse(ETHTOOL))
                .containsEntry("rx-checksumming", new Offloads.Feature(true, true, true))
                .containsEntry("tx-checksum-ip-generic", new Offloads.Feature(false, false, false))
                .containsEntry("tx-tcp-segmentation", new Offloads.Feature(false, true, false))
                .containsEntry("generic-receive-offload", new Offloads.Feature(true, true, false))
                .containsEntry("large-receive-offload", new Offloads.Feature(true, false, false))
                .doesNotContainKey("Features for eth0");
    }

    @Test
    void shouldTellStaticAddressesFromThoseThatComeBackByThemselves() {
        String ip = """
                2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
                    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0
                    inet 198.18.0.1/24 brd 198.18.0.255 scope global eth0
                       valid_lft forever preferred_lft forever
                    inet6 2001:db8::1/64 scope global
                       valid_lft forever preferred_lft forever
                    inet6 2001:db8::a:b/64 scope global dynamic mngtmpaddr
                       valid_lft 86sec preferred_lft 50sec
                    inet6 fe80::1/64 scope link
                       valid_lft forever preferred_lft forever
                """;
        assertThat(PortAddress.parse(ip))
                .containsExactly(
                        new PortAddress(false, "198.18.0.1/24", false),
                        new PortAddress(true, "2001:db8::1/64", false),
                        new PortAddress(true, "2001:db8::a:b/64", true),
                        new PortAddress(true, "fe80::1/64", true));
    }
}
