package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of {@code /proc/net}, as the kernel writes them on a little-endian machine and as it never does. */
class HostSocketsTest {
    @Test
    void shouldReadListeningSocketsOnly() {
        List<HostSockets.Entry> udp = HostSockets.parse(
                "udp",
                List.of(
                        "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref",
                        "  100: 0100007F:2BCB 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0 0",
                        "  101: 00000000:007B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0 0",
                        "  102: 0100007F:C350 0100007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 4713 2 0 0"));
        assertThat(udp)
                .containsExactly(
                        new HostSockets.Entry(new HostSocket(true, true, "127.0.0.1", 11_211, "", 0), "4711"),
                        new HostSockets.Entry(new HostSocket(true, true, "*", 123, "", 0), "4712"));
        assertThat(udp.getLast().socket().isPublic()).isTrue();
        List<HostSockets.Entry> tcp6 = HostSockets.parse(
                "tcp6",
                List.of(
                        "   0: B80D0120000000000000000001000000:2BCB 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 9 1"));
        assertThat(tcp6)
                .containsExactly(
                        new HostSockets.Entry(new HostSocket(false, false, "2001:db8::1", 11_211, "", 0), "9"));
    }

    @Test
    void shouldThinkOfEveryFamilyThatASocketTakes() {
        ProbeDatagram ipv4 = new ProbeDatagram(true, true, 11_211);
        ProbeDatagram ipv6 = new ProbeDatagram(false, true, 11_211);
        assertThat(new HostSocket(true, false, "*", 11_211, "", 0).strangers()).containsExactlyInAnyOrder(ipv4, ipv6);
        assertThat(new HostSocket(true, true, "*", 11_211, "", 0).strangers()).containsExactly(ipv4);
        assertThat(new HostSocket(true, false, "2001:db8::1", 11_211, "", 0).strangers())
                .containsExactly(ipv6);
        assertThat(HostSockets.parse("udp6", List.of("1: 0000000000000000FFFF0000010200C0:2BCB 0:0 07 a b c d e 1")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.socket().strangers()).containsExactly(ipv4));
    }

    @Test
    void shouldPassOverLinesThatAreNotTheKernels() {
        assertThat(HostSockets.parse(
                        "udp",
                        List.of(
                                "",
                                "x",
                                "1: 0100007F 0:0 07 a b c d e 1",
                                "1: 0100007F: 0:0 07 a b c d e 1",
                                "1: ZZZZZZZZ:2BCB 0:0 07 a b c d e 1",
                                "1: 01:2BCB 0:0 07 a b c d e 1",
                                "1: 0100007F:FFFFFFFFFF 0:0 07 a b c d e 1")))
                .isEmpty();
    }
}
