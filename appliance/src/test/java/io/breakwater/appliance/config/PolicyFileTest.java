package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.ServiceRule;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.List;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class PolicyFileTest {
    private static final long SECOND_NS = 1_000_000_000L;

    /** The example of the design, section 4, word for word. */
    static final String DESIGN = """
            pairs:
              - {name: uplink, outside: eth0, inside: eth1, backend: pcap}   # pcap | xdp
                # also threads: 1|2|3; with the line-rate work shield: auto|native|generic|off, idle: adaptive|busy|blocking; with packaging fail: open|closed, link-pass-through: true|false
            protected: [203.0.113.0/24, "2001:db8:100::/48"]                 # what lives inside
            mode: enforce                    # or monitor: decide, count and log, but forward everything. Per rule too
            sources:
              trusted: [192.0.2.0/24]        # longest prefix wins between the two lists
              blocked: [198.51.100.66/32]
            reflection:                      # built-in vector table; name a vector to change it
              memcached: drop                # UDP *source* port 11211, inbound
              dns: solicited                 # forward only answers that an inside host asked for (address, ports, DNS id)
              ntp: solicited                 # and modes 6/7 dropped
              ssdp: drop
              my-game: {port: 27015, action: {limit: 500 packets/s per destination}}
            services:                        # do not become a reflector: who may reach these inside
              memcached: {port: 11211, protocols: [udp, tcp], allow: [192.0.2.10/32]}
            antispoof: {outbound: strict, inbound: strict, bogons: drop}   # each off|monitor|strict; outbound: source must be protected; inbound: must not be
            fragments: {policy: inherit, unknown: 100 packets/s per destination}
            limits:
              - name: udp-per-source
                match: {lane: inbound, protocol: udp}          # also ports, prefixes, vector, fragment, size
                track: source                                  # source[/24,/56], destination[/..], pair, source-port, destination+source-port, rule
                rate: 2000 packets/s                           # or 20 Mbit/s; a list gives both
                burst: 4000 packets
                then: drop                                     # or alert
                hold: 10s                                      # once tripped, drop all from it this long, re-armed while still over; 0s = only the excess
                table: {max: 1_000_000, idle: 60s, when-full: evict}   # evict | pass | drop
            """;

    @Test
    void shouldReadTheDesignsExample() {
        Configuration configuration = Policies.accepted(PolicyFile.parse("p.yaml", DESIGN, LoadOptions.run()));

        assertThat(configuration.warnings()).isEmpty();
        assertThat(configuration.pairs())
                .containsExactly(new PairConfig(
                        "uplink",
                        "eth0",
                        "eth1",
                        PairConfig.Backend.PCAP,
                        PairConfig.THREADS_BY_CORES,
                        PairConfig.Shield.OFF,
                        PairConfig.Idle.BLOCKING,
                        PairConfig.Fail.OPEN,
                        true,
                        PairConfig.ZeroCopy.AUTO,
                        List.of()));
        assertThat(configuration.admin()).isEqualTo(AdminConfig.DEFAULT);
        assertThat(configuration.admin().listen()).hasToString("/127.0.0.1:9464");
        Policy policy = configuration.policy();
        assertThat(policy.protectedPrefixes()).containsExactly(prefix("203.0.113.0/24"), prefix("2001:db8:100::/48"));
        assertThat(policy.mode()).isEqualTo(RuleMode.ENFORCE);
        assertThat(policy.trusted()).containsExactly(prefix("192.0.2.0/24"));
        assertThat(policy.blocked()).containsExactly(prefix("198.51.100.66/32"));
        assertThat(policy.services())
                .containsExactly(new ServiceRule(
                        "memcached", 11_211, true, true, List.of(prefix("192.0.2.10/32")), RuleMode.ENFORCE));
        assertThat(policy.antiSpoof())
                .isEqualTo(new AntiSpoof(
                        AntiSpoof.Level.STRICT, AntiSpoof.Level.STRICT, AntiSpoof.Level.STRICT, List.of()));
        assertThat(policy.fragments()).isEqualTo(new Fragments(true, Bucket.of(Rate.packetsPerSecond(100))));
        assertThat(policy.limits())
                .containsExactly(new LimitRule(
                        "udp-per-source",
                        LimitRule.Match.inboundUdp(),
                        new LimitRule.Track(LimitRule.Key.SOURCE, 32, 128),
                        List.of(new Bucket(Rate.packetsPerSecond(2_000), 4_000)),
                        null,
                        LimitRule.Then.DROP,
                        10 * SECOND_NS,
                        new LimitRule.Table(1_000_000, 60 * SECOND_NS, LimitRule.WhenFull.EVICT),
                        RuleMode.ENFORCE));
    }

    @Test
    void shouldChangeNamedVectorsAndReplaceTheBuiltInOneOfAnOwnVectorsPort() {
        List<Vector> vectors = Policies.accepted(DESIGN).policy().vectors();

        assertThat(vectors).hasSameSizeAs(VectorTable.builtIn());
        assertThat(vectors).extracting(Vector::name).doesNotContain("steam").contains("my-game", "quake", "stun");
        assertThat(vector(vectors, "my-game"))
                .isEqualTo(new Vector(
                        "my-game",
                        27_015,
                        Vector.Match.PORT,
                        null,
                        Vector.Action.LIMIT,
                        Bucket.of(Rate.packetsPerSecond(500)),
                        RuleMode.ENFORCE));
        for (String named : List.of("memcached", "dns", "ntp", "ssdp")) {
            assertThat(vector(vectors, named)).isEqualTo(vector(VectorTable.builtIn(), named));
        }
    }

    @Test
    void shouldReadEveryFormOfAVector() {
        List<Vector> vectors = Policies.accepted("""
                reflection:
                  defaults: off
                  dns: off
                  memcached: false
                  ntp: alert
                  snmp: limit
                  ssdp: {match: signature}
                  bacnet: {action: drop, match: port, mode: monitor}
                  quake: {limit: 20 Mbit/s per destination}
                  chargen: {action: {limit: 30 packets/min}}
                  mdns: {port: 5354}
                  my-game: {port: 30120, action: solicited, match: port}
                """).policy().vectors();

        assertThat(vectors)
                .extracting(Vector::name, Vector::port, Vector::match, Vector::action, Vector::mode)
                .containsExactly(
                        row("ntp", 123, Vector.Match.PORT, Vector.Action.ALERT, RuleMode.ENFORCE),
                        row("snmp", 161, Vector.Match.PORT, Vector.Action.LIMIT, RuleMode.ENFORCE),
                        row("ssdp", 1900, Vector.Match.SIGNATURE, Vector.Action.DROP, RuleMode.ENFORCE),
                        row("bacnet", 47_808, Vector.Match.PORT, Vector.Action.DROP, RuleMode.MONITOR),
                        row("quake", 27_960, Vector.Match.BOTH, Vector.Action.LIMIT, RuleMode.ENFORCE),
                        row("chargen", 19, Vector.Match.PORT, Vector.Action.LIMIT, RuleMode.ENFORCE),
                        row("mdns", 5354, Vector.Match.BOTH, Vector.Action.DROP, RuleMode.ENFORCE),
                        row("my-game", 30_120, Vector.Match.PORT, Vector.Action.SOLICITED, RuleMode.ENFORCE));
        assertThat(vector(vectors, "snmp").limit()).isEqualTo(Bucket.of(VectorTable.BUILT_IN_LIMIT));
        assertThat(vector(vectors, "quake").limit()).isEqualTo(Bucket.of(Rate.bitsPerSecond(20_000_000)));
        assertThat(vector(vectors, "chargen").limit())
                .isEqualTo(Bucket.of(new Rate(Rate.Unit.PACKETS, 30, 60 * SECOND_NS)));
        assertThat(vector(vectors, "ssdp").signature()).isEqualTo("ssdp");
    }

    @Test
    void shouldKeepBuiltInValuesWhereTheFileSaysNothing() {
        for (String empty :
                List.of("", "# only a comment\n", "---\n", "mode: enforce\n", "sources: {}\n", "antispoof: {}")) {
            assertThat(Policies.accepted(empty).policy()).isEqualTo(BuiltInPolicy.policy());
        }
        assertThat(Policies.accepted("protected: 203.0.113.0/24").policy())
                .isEqualTo(BuiltInPolicy.policy(List.of(prefix("203.0.113.0/24"))));
    }

    @Test
    void shouldHaveTheBuiltInPolicyOfTheDesign() {
        Policy policy = BuiltInPolicy.policy();

        assertThat(policy.mode()).isEqualTo(RuleMode.ENFORCE);
        assertThat(policy.vectors()).isEqualTo(VectorTable.builtIn());
        assertThat(policy.vectors())
                .filteredOn(vector -> vector.action() == Vector.Action.LIMIT)
                .isNotEmpty()
                .allMatch(vector -> Bucket.of(Rate.packetsPerSecond(1_000)).equals(vector.limit()));
        assertThat(policy.antiSpoof()).isEqualTo(AntiSpoof.OFF);
        assertThat(policy.fragments()).isEqualTo(new Fragments(true, Bucket.of(Rate.packetsPerSecond(1_000))));
        LimitRule perSource = policy.limits().get(0);
        assertThat(perSource.name()).isEqualTo("udp-per-source");
        assertThat(perSource.match()).isEqualTo(LimitRule.Match.inboundUdp());
        assertThat(perSource.track()).isEqualTo(new LimitRule.Track(LimitRule.Key.SOURCE, 32, 64));
        assertThat(perSource.buckets()).containsExactly(new Bucket(Rate.packetsPerSecond(50_000), 100_000));
        LimitRule perVictim = policy.limits().get(1);
        assertThat(perVictim.name()).isEqualTo("reflected-per-victim");
        assertThat(perVictim.match().lane()).isEqualTo(Lane.INBOUND);
        assertThat(perVictim.match().protocol()).isEqualTo(17);
        assertThat(perVictim.match().anyVector()).isTrue();
        assertThat(perVictim.match().unsolicitedOnly()).isTrue();
        assertThat(perVictim.track().key()).isEqualTo(LimitRule.Key.DESTINATION_AND_SOURCE_PORT);
        assertThat(perVictim.buckets()).containsExactly(new Bucket(Rate.packetsPerSecond(5_000), 10_000));
        assertThat(policy.limits()).hasSize(2).allSatisfy(rule -> {
            assertThat(rule.then()).isEqualTo(LimitRule.Then.DROP);
            assertThat(rule.holdNs()).isZero();
            assertThat(rule.table()).isEqualTo(new LimitRule.Table(262_144, 60 * SECOND_NS, LimitRule.WhenFull.EVICT));
        });
        AntiSpoof withInside =
                BuiltInPolicy.policy(List.of(prefix("203.0.113.0/24"))).antiSpoof();
        assertThat(withInside)
                .isEqualTo(new AntiSpoof(AntiSpoof.Level.OFF, AntiSpoof.Level.MONITOR, AntiSpoof.Level.OFF, List.of()));
    }

    @Test
    void shouldRestateTheBuiltInLimitsInTheirOwnWords() {
        assertThat(Policies.accepted("""
                limits:
                  - {name: udp-per-source, match: {lane: inbound, protocol: udp}, track: "source/32,/64",
                     rate: 50_000 packets/s, burst: 100_000 packets}
                  - {name: reflected-per-victim, match: {lane: inbound, protocol: udp, vector: any, unsolicited: true},
                     track: destination+source-port, rate: 5000 packets/s, burst: 10000 packets}
                """).policy().limits()).isEqualTo(BuiltInPolicy.limits());
    }

    @Test
    void shouldSwitchSectionsOff() {
        for (String off : List.of("off", "false", "\"off\"")) {
            Policy policy = Policies.accepted("reflection: " + off + "\nfragments: " + off + "\nlimits: " + off
                            + "\nantispoof: " + off + "\nservices: " + off + "\nprotected: 203.0.113.0/24\n")
                    .policy();
            assertThat(policy.vectors()).isEmpty();
            assertThat(policy.fragments()).isEqualTo(Fragments.OFF);
            assertThat(policy.limits()).isEmpty();
            assertThat(policy.antiSpoof()).isEqualTo(AntiSpoof.OFF);
            assertThat(policy.services()).isEmpty();
        }
    }

    @Test
    void shouldReadTheMemcachedOnlyPolicy() {
        Policy policy = Policies.accepted("reflection: {defaults: off, memcached: drop}\nlimits: []\nfragments: off\n")
                .policy();

        assertThat(policy.vectors()).containsExactly(vector(VectorTable.builtIn(), "memcached"));
        assertThat(policy.limits()).isEmpty();
        assertThat(policy.fragments()).isEqualTo(Fragments.OFF);
    }

    @Test
    void shouldReadEveryKeyOfALimit() {
        LimitRule rule = Policies.accepted("""
                limits:
                  - name: everything
                    match:
                      lane: outbound
                      protocol: any
                      source: [10.0.0.0/8, "2001:db8::/32"]
                      destination: 198.51.100.0/24
                      source-ports: [53, 1024-65535]
                      destination-ports: 80
                      vector: [dns, ntp]
                      unsolicited: true
                      fragment: false
                      size: 100-1_514
                    track: pair/24,/56
                    rate: [2000 packets/min, 1.5 Mbit/s]
                    burst: [64_000 bytes, 10 packets]
                    then: alert
                    hold: 1.5min
                    table: {max: 10, idle: 500ms, when-full: pass}
                    mode: monitor
                """).policy().limits().get(0);

        assertThat(rule)
                .isEqualTo(new LimitRule(
                        "everything",
                        new LimitRule.Match(
                                Lane.OUTBOUND,
                                LimitRule.Match.ANY_PROTOCOL,
                                false,
                                List.of(prefix("10.0.0.0/8"), prefix("2001:db8::/32")),
                                List.of(prefix("198.51.100.0/24")),
                                List.of(new LimitRule.Range(53, 53), new LimitRule.Range(1024, 65_535)),
                                List.of(new LimitRule.Range(80, 80)),
                                Set.of("dns", "ntp"),
                                false,
                                true,
                                false,
                                new LimitRule.Range(100, 1514)),
                        new LimitRule.Track(LimitRule.Key.PAIR, 24, 56),
                        List.of(
                                new Bucket(new Rate(Rate.Unit.PACKETS, 2_000, 60 * SECOND_NS), 10),
                                new Bucket(Rate.bitsPerSecond(1_500_000), 512_000)),
                        null,
                        LimitRule.Then.ALERT,
                        90 * SECOND_NS,
                        new LimitRule.Table(10, SECOND_NS / 2, LimitRule.WhenFull.PASS),
                        RuleMode.MONITOR));
    }

    @Test
    void shouldReadEveryProtocolTrackAndWindow() {
        List<LimitRule> rules = Policies.accepted("""
                limits:
                  - {name: a, match: {protocol: tcp}, track: source, window: {count: 30, seconds: 10}}
                  - {name: b, match: {protocol: icmp}, track: source/24, rate: 1 packet/day}
                  - {name: c, match: {protocol: 47}, track: "destination/0,/0", rate: 100_000_000 packets/s}
                  - {name: d, match: {protocol: udp}, track: source-port, rate: 2kbit/s}
                  - {name: e, match: {fragment: true}, track: destination+source-port/24, rate: 1 Gbit/s}
                  - {name: f, match: {}, track: rule, rate: 7 packets/h}
                """).policy().limits();

        assertThat(rules).extracting(rule -> rule.match().protocol()).containsExactly(6, -1, 47, 17, -1, -1);
        assertThat(rules)
                .extracting(rule -> rule.match().icmp())
                .containsExactly(false, true, false, false, false, false);
        assertThat(rules.get(0).window()).isEqualTo(new LimitRule.Window(30, 10));
        assertThat(rules.get(0).buckets()).isEmpty();
        assertThat(rules)
                .extracting(LimitRule::track)
                .containsExactly(
                        new LimitRule.Track(LimitRule.Key.SOURCE, 32, 128),
                        new LimitRule.Track(LimitRule.Key.SOURCE, 24, 128),
                        new LimitRule.Track(LimitRule.Key.DESTINATION, 0, 0),
                        new LimitRule.Track(LimitRule.Key.SOURCE_PORT, 32, 128),
                        new LimitRule.Track(LimitRule.Key.DESTINATION_AND_SOURCE_PORT, 24, 128),
                        new LimitRule.Track(LimitRule.Key.RULE, 32, 128));
        assertThat(rules.get(4).match().fragment()).isTrue();
    }

    @Test
    void shouldReadWhatCountsAsAnAttack() {
        AttackDetection attacks = Policies.accepted("""
                attack:
                  packets: 200 packets/s
                  end-after: 30s
                  vectors:
                    memcached: {packets: 20 packets/s}
                    fragment: {bits: 100 Mbit/s}
                """).policy().attack();

        assertThat(attacks.enabled()).isTrue();
        assertThat(attacks.endAfterNs()).isEqualTo(30 * SECOND_NS);
        assertThat(attacks.threshold("memcached")).isEqualTo(threshold(20, 1_000_000));
        assertThat(attacks.threshold("ssdp")).isEqualTo(threshold(200, 1_000_000));
        assertThat(attacks.threshold("fragment")).isEqualTo(threshold(200, 100_000_000));
        assertThat(attacks.threshold("limit")).isEqualTo(threshold(200, 10_000_000));
    }

    @Test
    void shouldTakeUnwantedAnswersForAnAttackSoonerThanOthers() {
        AttackDetection insideUnknown = Policies.accepted("").policy().attack();
        AttackDetection insideKnown =
                Policies.accepted("protected: [192.0.2.0/24]").policy().attack();

        assertThat(insideUnknown.threshold("memcached")).isEqualTo(threshold(100, 1_000_000));
        assertThat(insideUnknown.threshold("dns")).isEqualTo(threshold(1000, 10_000_000));
        assertThat(insideKnown.threshold("dns")).isEqualTo(threshold(100, 1_000_000));
        assertThat(Policies.accepted("attack: off").policy().attack().enabled()).isFalse();
    }

    private static AttackDetection.Threshold threshold(long packetsPerSecond, long bitsPerSecond) {
        return new AttackDetection.Threshold(
                Rate.packetsPerSecond(packetsPerSecond), Rate.bitsPerSecond(bitsPerSecond));
    }

    @Test
    void shouldReadGuardsAndAntiSpoofing() {
        Policy policy = Policies.accepted("""
                protected: [203.0.113.0/24]
                services:
                  dns: {port: 53, protocols: udp, allow: 192.0.2.10, mode: monitor}
                  rdp: {port: 3389, allow: []}
                antispoof: {outbound: monitor, exempt: ["fe80::1", 203.0.113.1]}
                """).policy();

        assertThat(policy.services())
                .containsExactly(
                        new ServiceRule("dns", 53, true, false, List.of(prefix("192.0.2.10/32")), RuleMode.MONITOR),
                        new ServiceRule("rdp", 3389, true, true, List.of(), RuleMode.ENFORCE));
        assertThat(policy.antiSpoof())
                .isEqualTo(new AntiSpoof(
                        AntiSpoof.Level.MONITOR,
                        AntiSpoof.Level.MONITOR,
                        AntiSpoof.Level.OFF,
                        List.of(prefix("fe80::1/128"), prefix("203.0.113.1/32"))));
    }

    @Test
    void shouldReadWhereTheHttpInterfaceListens() {
        assertThat(Policies.accepted("admin: {listen: off}").admin().listen()).isNull();
        assertThat(Policies.accepted("admin: {}").admin()).isEqualTo(AdminConfig.DEFAULT);
        assertThat(Policies.accepted("admin: {listen: 127.1.2.3:0}").admin().listen())
                .hasToString("/127.1.2.3:0");
        assertThat(Policies.accepted("admin: {listen: localhost:80}").admin().listen())
                .hasToString("/127.0.0.1:80");
        assertThat(Policies.accepted("admin: {listen: \"[::1]:9464\"}").admin().listen())
                .hasToString("/[0:0:0:0:0:0:0:1]:9464");
    }

    @Test
    void shouldReadPairsInFull() {
        Configuration configuration = Policies.accepted("""
                pairs:
                  - {name: a, outside: eth0, inside: eth1, backend: xdp, threads: 1, shield: native, idle: busy,
                     fail: closed, link-pass-through: false, zero-copy: off, cpus: [2, 3]}
                  - {name: b, outside: enp1s0f0np0, inside: eth2.100}
                """);

        assertThat(configuration.pairs().get(0))
                .isEqualTo(new PairConfig(
                        "a",
                        "eth0",
                        "eth1",
                        PairConfig.Backend.XDP,
                        1,
                        PairConfig.Shield.NATIVE,
                        PairConfig.Idle.BUSY,
                        PairConfig.Fail.CLOSED,
                        false,
                        PairConfig.ZeroCopy.OFF,
                        List.of(2, 3)));
        assertThat(configuration.pairs().get(1).inside()).isEqualTo("eth2.100");
    }

    @Test
    void shouldFollowAnchorsAndAliases() {
        Policy policy = Policies.accepted("""
                protected: &inside [203.0.113.0/24]
                limits:
                  - {name: a, match: {source: *inside}, track: rule, rate: 1 packet/s}
                """).policy();

        assertThat(policy.limits().get(0).match().sources()).isEqualTo(policy.protectedPrefixes());
    }

    private static Tuple row(Object... values) {
        return Tuple.tuple(values);
    }

    private static Vector vector(List<Vector> vectors, String name) {
        return vectors.stream()
                .filter(vector -> vector.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Prefix prefix(String text) {
        return Prefix.parse(text);
    }
}
