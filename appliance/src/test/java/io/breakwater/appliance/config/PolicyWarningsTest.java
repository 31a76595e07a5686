package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyWarningsTest {
    private static final String INSIDE = "protected: [203.0.113.0/24]\n";

    private static Arguments policy(String yaml, String... warnings) {
        return Arguments.of(INSIDE + yaml, List.of(warnings));
    }

    private static String limit(String more) {
        return "limits:\n - {name: a, rate: 1 packet/s, " + more + "}";
    }

    private static Arguments neverMatching(String before, String match, String why) {
        int line = 3 + (int) before.chars().filter(c -> c == '\n').count();
        return policy(
                before + limit("track: source, match: {" + match + "}"),
                "p.yaml:" + line + ":4: limits[0]: warning: can never match: " + why);
    }

    static Stream<Arguments> policies() {
        return Stream.concat(
                Stream.of(
                        policy("mode: enforce"),
                        policy(limit("track: source, hold: 10s")),
                        policy(limit("track: pair, hold: 10s")),
                        policy(limit("track: destination, hold: 0s")),
                        policy(
                                limit("track: destination, hold: 10s"),
                                "p.yaml:3:58: limits[0].hold: warning: on a key without a source it drops the victim's"
                                        + " wanted traffic too, which finishes the attacker's work; use 0s, or track source"
                                        + " or pair"),
                        policy(
                                "sources: {blocked: [10.0.0.0/8, 10.1.0.0/16, \"2001:db8::/32\", 10.0.0.0/8]}",
                                "p.yaml:2:33: sources.blocked[1]: warning: 10.1.0.0/16 is already inside 10.0.0.0/8, which"
                                        + " is in the same list",
                                "p.yaml:2:63: sources.blocked[3]: warning: 10.0.0.0/8 is listed twice"),
                        policy("sources: {blocked: [10.0.0.0/8], trusted: [10.1.0.0/16]}"),
                        policy(
                                "sources: {blocked: [203.0.0.0/8]}",
                                "p.yaml:2:21: sources.blocked[0]: warning: blocks 203.0.113.0/24, which is protected"),
                        policy(
                                "services:\n  a: {port: 53, allow: [0.0.0.0/0, \"::/0\"]}",
                                "p.yaml:3:6: services.a: warning: allows everyone, so it never drops anything"),
                        Arguments.of(
                                "antispoof: {inbound: strict}\nreflection: off",
                                List.of(
                                        "p.yaml:1:22: antispoof.inbound: warning: can never match without 'protected', which"
                                                + " says what lives inside")),
                        policy(
                                "limits:\n - {name: fragments, track: rule, rate: 1 packet/s}",
                                "p.yaml:3:11: limits[0].name: warning: metrics and events call another part's table"
                                        + " 'fragments' too, and show the figures of both as one; choose another name"),
                        policy(
                                "limits:\n - {name: steam, track: rule, rate: 1 packet/s}",
                                "p.yaml:3:4: limits[0]: warning: has the name of a vector with action limit, so both count"
                                        + " as limit:steam"),
                        Arguments.of(
                                "reflection: {defaults: off, dns: solicited, ntp: solicited}",
                                List.of(
                                        "p.yaml:1:13: protected: warning: is not given, so these solicited vectors are not"
                                                + " enforced: dns, ntp")),
                        Arguments.of("reflection: off", List.of())),
                neverMatching());
    }

    private static Stream<Arguments> neverMatching() {
        return Stream.of(
                policy(limit("track: source, match: {vector: dns, protocol: udp}")),
                policy(limit("track: source, match: {vector: memcached}")),
                neverMatching("", "protocol: icmp, source-ports: 53", "only UDP and TCP have ports"),
                neverMatching("", "protocol: 47, destination-ports: 53", "only UDP and TCP have ports"),
                neverMatching(
                        "",
                        "source: 10.0.0.0/8, destination: \"2001:db8::/32\"",
                        "no frame has a source of one address family and a destination of the other"),
                neverMatching(
                        "sources: {trusted: [10.0.0.0/8]}\n",
                        "source: 10.1.0.0/16",
                        "all its sources are in 'sources', which settles them first"),
                neverMatching("", "protocol: tcp, vector: dns", "vectors are UDP"),
                neverMatching(
                        "reflection: {dns: off}\n", "vector: dns", "its vectors are switched off in 'reflection'"),
                neverMatching("", "vector: dns, source-ports: 54", "its source-ports hold none of its vectors' ports"),
                neverMatching(
                        "",
                        "lane: inbound, vector: memcached",
                        "'reflection' drops its vectors before the limits are reached"));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldWarnOfWhatIsProbablyNotMeant(String yaml, List<String> warnings) {
        assertThat(Policies.warnings(yaml)).containsExactlyElementsOf(warnings);
    }
}
