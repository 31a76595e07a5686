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
                "INPUT -p udp -m udp --dport 11211 -j NFQUEUE --queue-num 0 --queue-bypass\n-A INPUT -j DROP",
                "INPUT -p udp -j TARGETOFTOMORROW\n-A INPUT -j DROP",
                "INPUT -p udp -j inner\n-A inner -j QUEUE\n-A INPUT -j DROP",
            })
    void shouldNotTakeOtherIptablesRulesForADrop(String rules) {
        assertThat(iptables("ACCEPT", rules)).isFalse();
    }

    @Test
    void shouldUseTheChainsPolicy() {
        assertThat(iptables("DROP", "INPUT -i lo -j ACCEPT")).isTrue();
        assertThat(iptables("DROP", "INPUT -p udp --dport 11211 -j ACCEPT")).isFalse();
        assertThat(iptables("DROP", "INPUT -m mark --mark 1 -j ACCEPT")).isFalse();
        assertThat(iptables("DROP", "INPUT -p udp --dport 11211 -j NFQUEUE --queue-bypass"))
                .isFalse();
        assertThat(iptables("DROP", "INPUT -p icmp -j NFQUEUE")).isTrue();
        assertThat(iptables("DROP", "INPUT -p vrrp -j ACCEPT\n-A INPUT -p 112 -j ACCEPT"))
                .isTrue();
        assertThat(iptables("DROP", "INPUT -p tcp -g inner")).isTrue();
        assertThat(iptables("DROP", "INPUT -j LOG --log-prefix x\n-A INPUT -j MARK --set-xmark 0x1/0x1"))
                .isTrue();
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
                "{\"meta\":{\"key\":\"l4proto\"}}|==|\"ip\"|false|false|false",
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

    private static boolean nftUnderADropPolicy(String expressions) throws IOException {
        String table = TABLE.replace("\"policy\":\"accept\"", "\"policy\":\"drop\"");
        return NftRules.parse(table.replace("%s", expressions), UDP4).surelyDrops();
    }

    private static final String DPORT = "{\"match\":{\"op\":\"==\",\"left\":" + PORT + ",\"right\":11211}},";
    private static final String OVER = "{\"limit\":{\"rate\":100,\"burst\":5,\"per\":\"second\",\"inv\":true}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"meter\":{\"key\":" + SOURCE + ",\"stmt\":" + OVER + ",\"size\":65535,\"name\":\"m4\"}}",
                "{\"set\":{\"op\":\"add\",\"elem\":" + SOURCE + ",\"set\":\"@m4\",\"stmt\":[" + OVER + "]}}",
                "{\"quota\":{\"val\":5,\"val_unit\":\"mbytes\",\"inv\":true}}",
                "{\"ct count\":{\"val\":5,\"inv\":true}}",
                "{\"a statement of tomorrow\":{}}",
            })
    void shouldNotTakeAConditionalDropOfNftForADrop(String condition) throws IOException {
        assertThat(nft(UDP4, DPORT + condition + ",{\"drop\":null}")).isFalse();
        assertThat(nft(UDP4, DPORT + "{\"counter\":{}},{\"log\":{}},{\"drop\":null}"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"queue\":{\"num\":0,\"flags\":\"bypass\"}}",
                "{\"xt\":{\"type\":\"target\",\"name\":\"NFQUEUE\"}}",
                "{\"mangle\":{\"key\":" + PORT + ",\"value\":99}}",
                "{\"vmap\":{\"key\":" + SOURCE + ",\"data\":{\"set\":[[\"*\",{\"accept\":null}]]}}}",
            })
    void shouldNotTrustADropPolicyBehindWhatMayLetItIn(String statement) throws IOException {
        assertThat(nftUnderADropPolicy(DPORT + statement)).isFalse();
        assertThat(nftUnderADropPolicy(DPORT.replace("11211", "53") + statement))
                .as("another port")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\":{\"protocol\":\"icmp\",\"field\":\"type\"}}|\"echo-request\"",
                "{\"payload\":{\"protocol\":\"icmpv6\",\"field\":\"type\"}}|{\"set\":[\"echo-request\",\"nd-neighbor-solicit\"]}",
                "{\"payload\":{\"protocol\":\"tcp\",\"field\":\"flags\"}}|\"syn\"",
                "{\"payload\":{\"protocol\":\"ah\",\"field\":\"spi\"}}|4",
                "{\"payload\":{\"protocol\":\"th\",\"field\":\"dport\"}}|53",
                "{\"meta\":{\"key\":\"l4proto\"}}|{\"set\":[\"icmp\",\"gre\",\"ipv6-icmp\"]}",
                "{\"payload\":{\"protocol\":\"ip\",\"field\":\"protocol\"}}|\"ospf\"",
                "{\"payload\":{\"protocol\":\"ip6\",\"field\":\"nexthdr\"}}|\"sctp\"",
            })
    void shouldPassOverRulesAboutOtherProtocols(String condition) throws IOException {
        String[] sides = condition.split("\\|");
        assertThat(nftUnderADropPolicy(match(sides[0], "==", sides[1]).replace("drop", "accept")))
                .isTrue();
        assertThat(nftUnderADropPolicy("{\"accept\":null}")).isFalse();
    }

    @Test
    void shouldNotTrustTablesThatMayBeDormant() throws IOException {
        String table = TABLE.replace("%s", "{\"drop\":null}");
        for (String flags : new String[] {"\"dormant\"", "[\"dormant\"]", "\"dd\""}) {
            assertThat(NftRules.parse(withFlags(table, flags), UDP4).surelyDrops())
                    .as(flags)
                    .isFalse();
        }
        assertThat(NftRules.parse(withFlags(table, "[\"owner\",\"persist\"]"), UDP4)
                        .surelyDrops())
                .isTrue();
    }

    private static String withFlags(String table, String flags) {
        return table.replace(
                "{\"metainfo\":{}}", "{\"table\":{\"family\":\"inet\",\"name\":\"t\",\"flags\":" + flags + "}}");
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
