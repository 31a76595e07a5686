package io.breakwater.appliance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether rules surely drop strangers' datagrams; what cannot be told counts as open. */
class FirewallTest {
    private static final ProbeDatagram UDP4 = new ProbeDatagram(true, true, 11_211);
    private static final ProbeDatagram UDP6 = new ProbeDatagram(false, true, 11_211);
    private static final ProbeDatagram TCP4 = new ProbeDatagram(true, false, 11_211);

    private static boolean iptables(String policy, String... rules) {
        return IptablesRules.parse(
                        "*filter\n:INPUT " + policy + " [0:0]\n:OUTPUT DROP [0:0]\n:inner - [0:0]\n-A "
                                + String.join("\n-A ", rules) + "\nCOMMIT\n",
                        UDP4)
                .surelyDrops();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INPUT -p udp -m udp --dport 11211 -j DROP",
                "INPUT -p udp -m multiport --dports 80,11000:11300 -j REJECT --reject-with icmp-port-unreachable",
                "INPUT ! -s 10.0.0.0/8 -p udp -m udp --dport 11211 -j DROP",
                "INPUT ! -i lo -p udp -m udp --dport 11211 -m comment --comment \"a -j ACCEPT b\" -j DROP",
                "INPUT -p udp -j inner\n-A inner -p udp --dport 11211 -j DROP",
                "INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j DROP",
                "INPUT -p udp -j DROP",
            })
    void shouldSeeWhatIptablesDrops(String rules) {
        // An interface other than lo is undecided, so "! -i lo" is sure only because lo is known.
        assertThat(iptables("ACCEPT", rules)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INPUT -p tcp -m tcp --dport 11211 -j DROP",
                "INPUT -s 10.0.0.0/8 -p udp --dport 11211 -j DROP",
                "INPUT -p udp --dport 53 -j DROP",
                "INPUT -i eth0 -p udp --dport 11211 -j DROP",
                "INPUT -p udp -m limit --limit 5/sec -j ACCEPT\n-A INPUT -j DROP",
                "INPUT -m set --match-set bad src -j DROP",
                "INPUT -j nosuchchain",
                "INPUT -g inner\n-A inner -j DROP",
                "INPUT -p udp --dport 11211 -j ACCEPT\n-A INPUT -j DROP",
                "INPUT -p udp -j inner\n-A inner -p udp -j RETURN\n-A inner -j DROP",
                "OUTPUT -j DROP",
            })
    void shouldNotTakeOtherIptablesRulesForADrop(String rules) {
        assertThat(iptables("ACCEPT", rules)).isFalse();
    }

    @Test
    void shouldUseTheChainsPolicy() {
        assertThat(iptables("DROP", "INPUT -i lo -j ACCEPT")).isTrue();
        assertThat(iptables("DROP", "INPUT -p udp --dport 11211 -j ACCEPT")).isFalse();
        assertThat(iptables("DROP", "INPUT -m mark --mark 1 -j ACCEPT")).isFalse();
    }

    private static final String TABLE =
            "{\"nftables\":[{\"metainfo\":{}},{\"set\":{\"family\":\"inet\",\"name\":\"mc\",\"table\":\"t\",\"elem\":[{\"range\":[20,30]},11211]}},"
                    + "{\"chain\":{\"family\":\"inet\",\"table\":\"t\",\"name\":\"x\"}},"
                    + "{\"chain\":{\"family\":\"inet\",\"table\":\"t\",\"name\":\"in\",\"type\":\"filter\",\"hook\":\"input\",\"prio\":0,\"policy\":\"accept\"}},"
                    + "{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"x\",\"expr\":[{\"reject\":null}]}},"
                    + "{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"in\",\"expr\":[%s]}}]}";

    private static boolean nft(ProbeDatagram datagram, String expressions) throws IOException {
        return NftRules.parse(TABLE.replace("%s", expressions), datagram).surelyDrops();
    }

    private static String match(String left, String op, String right) {
        return "{\"match\":{\"op\":\"" + op + "\",\"left\":" + left + ",\"right\":" + right
                + "}},{\"counter\":{}},{\"drop\":null}";
    }

    private static final String PORT = "{\"payload\":{\"protocol\":\"udp\",\"field\":\"dport\"}}";
    private static final String SOURCE = "{\"payload\":{\"protocol\":\"ip\",\"field\":\"saddr\"}}";
    private static final String STATE = "{\"ct\":{\"key\":\"state\"}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                PORT + "|==|11211|true|true|false",
                PORT + "|==|{\"set\":[53,11211]}|true|true|false",
                PORT + "|==|\"@mc\"|true|true|false",
                PORT + "|==|{\"range\":[11000,12000]}|true|true|false",
                PORT + "|!=|22|true|true|false",
                PORT + "|==|53|false|false|false",
                PORT + "|==|\"@nosuch\"|false|false|false",
                SOURCE + "|!=|{\"prefix\":{\"addr\":\"10.0.0.0\",\"len\":8}}|true|false|true",
                SOURCE + "|==|{\"prefix\":{\"addr\":\"10.0.0.0\",\"len\":8}}|false|false|false",
                SOURCE + "|==|\"@blocked\"|false|false|false",
                STATE + "|in|[\"new\",\"untracked\"]|true|true|true",
                STATE + "|in|\"invalid\"|false|false|false",
                "{\"meta\":{\"key\":\"l4proto\"}}|==|\"udp\"|true|true|false",
                "{\"meta\":{\"key\":\"iifname\"}}|!=|\"lo\"|true|true|true",
                "{\"meta\":{\"key\":\"iifname\"}}|==|\"eth0\"|false|false|false",
                "{\"meta\":{\"key\":\"mark\"}}|==|1|false|false|false",
            })
    void shouldJudgeNftConditions(String left, String op, String right, boolean udp4, boolean udp6, boolean tcp4)
            throws IOException {
        String expressions = match(left, op, right);
        assertThat(nft(UDP4, expressions)).as("udp4").isEqualTo(udp4);
        assertThat(nft(UDP6, expressions)).as("udp6").isEqualTo(udp6);
        assertThat(nft(TCP4, expressions)).as("tcp4").isEqualTo(tcp4);
    }

    @Test
    void shouldFollowJumpsAndVerdictMaps() throws IOException {
        assertThat(nft(UDP4, "{\"jump\":{\"target\":\"x\"}}")).isTrue();
        String map = "{\"vmap\":{\"key\":" + PORT
                + ",\"data\":{\"set\":[[53,{\"accept\":null}],[11211,{\"jump\":{\"target\":\"x\"}}]]}}}";
        assertThat(nft(UDP4, map)).isTrue();
        assertThat(nft(TCP4, map)).isFalse();
        assertThat(nft(UDP4, "{\"vmap\":{\"key\":" + PORT + ",\"data\":\"@m\"}},{\"drop\":null}"))
                .isFalse();
        assertThat(nft(UDP4, "{\"limit\":{\"rate\":5}},{\"drop\":null}")).isFalse();
        assertThat(nft(UDP4, "{\"xt\":{\"type\":\"match\",\"name\":\"limit\"}},{\"accept\":null}"))
                .isFalse();
    }

    @Test
    void shouldSurviveRulesThatNoKernelPrints() {
        long seed = 20_260_102;
        Random random = new Random(seed);
        String whole = TABLE.replace("%s", match(PORT, "==", "{\"set\":[53,11211]}"));
        String saved =
                "*filter\n:INPUT DROP [0:0]\n-A INPUT -p udp -m multiport --dports 1,2:3,:,9999999999 -j x\n-A x -j INPUT\n";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder damaged = new StringBuilder(round % 2 == 0 ? whole : saved);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(damaged.length());
                damaged.replace(
                        at,
                        Math.min(damaged.length(), at + random.nextInt(5)),
                        "[]{}\":,x0 -!\n".substring(random.nextInt(12)));
            }
            try {
                IptablesRules.parse(damaged.toString(), UDP4).surelyDrops();
                NftRules.parse(damaged.toString(), UDP4).surelyDrops();
            } catch (IOException notJson) {
                assertThat(notJson.getMessage())
                        .as("seed %d: %s", seed, damaged)
                        .isNotBlank();
            }
        }
    }
}
