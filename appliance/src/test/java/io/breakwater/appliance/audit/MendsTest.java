package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lines that close a port to strangers, and to nobody who was asked. */
class MendsTest {
    private static List<String> lines(String vector, int port, String tool) {
        return new Mends(vector, Set.of(port), Set.of()).lines("").getOrDefault(tool, List.of());
    }

    @Test
    void shouldLetAnswersInWhereAServiceAsksFromItsOwnPort() {
        assertThat(lines("ntp", 123, "iptables"))
                .containsExactly(
                        "iptables -I INPUT ! -i lo -p udp --dport 123 -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP",
                        "ip6tables -I INPUT ! -i lo -p udp --dport 123 -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP");
        assertThat(lines("ntp", 123, "nft"))
                .last()
                .isEqualTo("nft add rule inet reflectors input iifname != lo udp dport 123"
                        + " ct state != '{ established, related }' drop");
        assertThat(lines("ntp", 123, "breakwater")).anyMatch(line -> line.contains("allow must hold the servers"));
        assertThat(lines("snmp", 161, "iptables")).noneMatch(line -> line.contains("conntrack"));
        assertThat(lines("snmp", 161, "nft")).noneMatch(line -> line.contains("ct state"));
        assertThat(lines("snmp", 161, "breakwater")).noneMatch(line -> line.contains("allow must hold"));
    }

    @Test
    void shouldBeSeenAsADropByTheAudit() throws IOException {
        ProbeDatagram question = new ProbeDatagram(true, true, 123);
        String rule = lines("ntp", 123, "iptables").getFirst().replace("iptables -I", "-A");
        assertThat(IptablesRules.parse("*filter\n:INPUT ACCEPT [0:0]\n" + rule + "\nCOMMIT\n", question)
                        .surelyDrops())
                .isTrue();
    }

    @Test
    void shouldGiveEveryPortItsOwnService() {
        Map<String, List<String>> mends = new Mends("memcached", Set.of(11_333), Set.of(11_211, 11_333)).lines("");
        assertThat(mends.getOrDefault("breakwater", List.of()))
                .containsExactly(
                        "services:",
                        "  memcached: {port: 11211, protocols: [tcp], allow: []}   # and the prefixes of its clients",
                        "  memcached-11333: {port: 11333, protocols: [udp, tcp], allow: []}   # and the prefixes of its"
                                + " clients");
    }
}
