package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyProblemsTest {
    @TempDir
    private Path directory = Path.of("");

    private static Arguments mistake(String yaml, String... problems) {
        return Arguments.of(yaml, List.of(problems));
    }

    /** A limit that is in order but for what {@code more} says; its text begins at 2:4. */
    private static String limit(String more) {
        return "limits:\n - {name: a, track: source, rate: 1 packet/s, " + more + "}";
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                        syntax(),
                        keys(),
                        pairs(),
                        sources(),
                        reflection(),
                        guards(),
                        limits(),
                        matches(),
                        attack(),
                        admin())
                .flatMap(mistakes -> mistakes);
    }

    private static Stream<Arguments> syntax() {
        return Stream.of(
                mistake("mode: a: b", "p.yaml:1:8: yaml: mapping values are not allowed here"),
                mistake(
                        "mode: enforce\n\tx: 1",
                        "p.yaml:2:1: yaml: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB)"
                                + " for indentation)"),
                mistake(
                        "protected: [192.0.2.0/24\nmode: monitor",
                        "p.yaml:2:5: yaml: expected ',' or ']', but got : (while parsing a flow"
                                + " sequence that begins on line 1)"),
                mistake("mode: *nothing", "p.yaml:1:7: yaml: found undefined alias nothing"),
                mistake("a: 1\n---\nb: 2", "p.yaml:2:1: yaml: a second document begins here; a policy is one document"),
                mistake("mode: \u0007x", "p.yaml:1:7: yaml: the character U+0007 is not allowed in YAML; remove it"),
                mistake("x: " + "[".repeat(100_000), "p.yaml:1:35: yaml: nested deeper than 32 levels"),
                mistake("x: &x 1\ny: [" + "*x,".repeat(65) + "]", "p.yaml:2:197: yaml: more than 64 aliases (*name)"),
                mistake("just words", "p.yaml:1:1: policy: expected a mapping of " + topKeys() + ", not 'just words'"),
                mistake("- mode", "p.yaml:1:1: policy: expected a mapping of " + topKeys() + ", not a list"),
                mistake("mode: !secret x", "p.yaml:1:7: yaml: tags (!name) have no meaning in a policy; remove it"));
    }

    private static String topKeys() {
        return "pairs, protected, mode, sources, reflection, services, antispoof, fragments, limits, attack, events, evidence,"
                + " admin";
    }

    private static Stream<Arguments> keys() {
        return Stream.of(
                mistake("limts: []", "p.yaml:1:1: limts: unknown key; did you mean 'limits'?"),
                mistake("zzz: 1", "p.yaml:1:1: zzz: unknown key; known here: " + topKeys()),
                mistake("mode: enforce\nmode: monitor", "p.yaml:2:1: mode: is given twice; first on line 1"),
                mistake("<<: {mode: monitor}", "p.yaml:1:1: <<: unknown key; known here: " + topKeys()),
                mistake("? [a]\n: 1", "p.yaml:1:3: policy: a key is a word, not a list or a mapping"),
                mistake(
                        "mode:",
                        "p.yaml:1:6: mode: has no value; expected one of enforce, monitor, or remove the line"),
                mistake("mode: montior", "p.yaml:1:7: mode: 'montior' is not known; did you mean 'monitor'?"),
                mistake("mode: off", "p.yaml:1:7: mode: 'off' is not known; expected one of enforce, monitor"),
                mistake("mode: [monitor]", "p.yaml:1:7: mode: expected one of enforce, monitor, not a list"),
                mistake("limits: 7", "p.yaml:1:9: limits: expected a list of limits, or off, not '7'"));
    }

    private static Stream<Arguments> pairs() {
        return Stream.of(
                mistake("pairs:\n- {name: a, outside: eth0}", "p.yaml:2:3: pairs[0].inside: is required: interface"),
                mistake(
                        "pairs:\n- {name: a, outside: eth0, inside: eth0}",
                        "p.yaml:2:36: pairs[0].inside: interface 'eth0' is already used by pairs[0].outside on line 2; each"
                                + " interface belongs to one side of one pair"),
                mistake(
                        "pairs:\n- {name: a, outside: eth0, inside: eth1}\n- {name: a, outside: eth1, inside: eth2}",
                        "p.yaml:3:10: pairs[1].name: 'a' is already the name of another, on line 2",
                        "p.yaml:3:22: pairs[1].outside: interface 'eth1' is already used by pairs[0].inside on line 2;"
                                + " each interface belongs to one side of one pair"),
                mistake(
                        "pairs:\n- {name: a b, outside: eth0/1, inside: eth1, threads: 4, fail: opne}",
                        "p.yaml:2:10: pairs[0].name: 'a b' is not a name: up to 63 letters, digits, '.', '_' or '-', the"
                                + " first a letter or digit",
                        "p.yaml:2:24: pairs[0].outside: 'eth0/1' is not an interface name: 1–15 characters, no blank,"
                                + " '/' or ':'",
                        "p.yaml:2:55: pairs[0].threads: '4' is not a whole number from 1 to 3",
                        "p.yaml:2:64: pairs[0].fail: 'opne' is not known; did you mean 'open'?"));
    }

    private static Stream<Arguments> sources() {
        return Stream.of(
                mistake(
                        "protected: [192.0.2.1/24]",
                        "p.yaml:1:13: protected[0]: '192.0.2.1/24' has host bits set; did you mean 192.0.2.0/24?"),
                mistake(
                        "protected: [2001:db8::]",
                        "p.yaml:1:13: protected[0]: expected a prefix, not a mapping; put IPv6 addresses in quotes"),
                mistake(
                        "protected: [example.org, 1.2.3]",
                        "p.yaml:1:13: protected[0]: 'example.org' is not an IPv4 or IPv6 prefix, such as 192.0.2.0/24 or"
                                + " 2001:db8::/32",
                        "p.yaml:1:26: protected[1]: '1.2.3' is not an IPv4 or IPv6 prefix, such as 192.0.2.0/24 or"
                                + " 2001:db8::/32"),
                mistake(
                        "sources:\n  trusted: [192.0.2.0/24]\n  blocked: [192.0.2.0/24]",
                        "p.yaml:3:13: sources.blocked[0]: 192.0.2.0/24 is trusted too, on line 2; remove it from one"
                                + " list"),
                mistake(
                        "sources:\n  whitelist: []",
                        "p.yaml:2:3: sources.whitelist: unknown key; did you mean 'trusted'?"));
    }

    private static Stream<Arguments> reflection() {
        return Stream.of(
                mistake(
                        "reflection:\n  memcachd: drop",
                        "p.yaml:2:3: reflection.memcachd: unknown vector; did you mean 'memcached'? An own vector needs"
                                + " {port: …, action: …}"),
                mistake(
                        "reflection:\n  my-game: drop",
                        "p.yaml:2:3: reflection.my-game: unknown vector; an own vector needs {port: …, action: …}"),
                mistake(
                        "reflection:\n  dns: dorp",
                        "p.yaml:2:8: reflection.dns: 'dorp' is not known; did you mean 'drop'?"),
                mistake(
                        "reflection:\n  x: {port: 70000, action: drop, limt: 1}",
                        "p.yaml:2:13: reflection.x.port: '70000' is not a whole number from 1 to 65535",
                        "p.yaml:2:34: reflection.x.limt: unknown key; did you mean 'limit'?"),
                mistake(
                        "reflection:\n  x: {port: 7}",
                        "p.yaml:2:6: reflection.x.action: is required: drop, solicited,"
                                + " limit, alert, off or {limit: rate}"),
                mistake(
                        "reflection:\n  x: {port: 7, action: drop, match: both}\n  rdp: {match: signature}",
                        "p.yaml:2:37: reflection.x.match: no signature of this vector is known; it can match by port"
                                + " only",
                        "p.yaml:3:16: reflection.rdp.match: no signature of this vector is known; it can match by port"
                                + " only"),
                mistake(
                        "reflection:\n  dns: drop\n  x: {port: 53, action: drop}",
                        "p.yaml:3:3: reflection.x: port 53 is already that of 'dns' on line 2"),
                mistake(
                        "reflection:\n  any: {port: 53, action: drop}",
                        "p.yaml:2:3: reflection.any: 'any' has a meaning of its own; choose another name"),
                mistake(
                        "reflection:\n  dns: {action: {limit: 5 packets/s per source}}",
                        "p.yaml:2:25: reflection.dns.action.limit: 'per source' is not known; this rate is per"
                                + " destination, and others are made with 'limits'"),
                mistake(
                        "reflection:\n  dns: {action: drop, limit: 5 packets/s}",
                        "p.yaml:2:30: reflection.dns.limit: says the same as 'action'; keep one of them"),
                mistake(
                        "reflection: none",
                        "p.yaml:1:13: reflection: expected a mapping of vectors to actions, or off, not" + " 'none'"));
    }

    private static Stream<Arguments> guards() {
        return Stream.of(
                mistake(
                        "services:\n  dns: {port: 0}",
                        "p.yaml:2:8: services.dns.allow: is required: list of prefixes; IPv6 in quotes",
                        "p.yaml:2:15: services.dns.port: '0' is not a whole number from 1 to 65535"),
                mistake(
                        "services:\n  dns: {port: 53, protocols: [upd], allow: []}",
                        "p.yaml:2:31: services.dns.protocols[0]: 'upd' is not known; did you mean 'udp'?"),
                mistake(
                        "services:\n  dns: {port: 53, protocols: [], allow: []}",
                        "p.yaml:2:30: services.dns.protocols: is empty, so the guard would do nothing; name udp, tcp or"
                                + " both"),
                mistake(
                        "services:\n  a: {port: 53, allow: []}\n  b: {port: 53, protocols: tcp, allow: []}",
                        "p.yaml:3:6: services.b: guards the same port as 'a'; join the two"),
                mistake(
                        "limits: [" + "{},".repeat(257) + "]",
                        "p.yaml:1:9: limits: has 257 limits; at most 256 are allowed"),
                mistake(
                        "antispoof: {outbound: strict, inbound: drop}",
                        "p.yaml:1:23: antispoof.outbound: needs 'protected', which says what lives inside;"
                                + " without it every source is wrong",
                        "p.yaml:1:40: antispoof.inbound: 'drop' is not known; expected one of off, monitor, strict"),
                mistake(
                        "fragments: {unknown: 5}",
                        "p.yaml:1:22: fragments.unknown: '5' needs a unit, such as 2000 packets/s or 20 Mbit/s"));
    }

    private static Stream<Arguments> limits() {
        return Stream.of(
                mistake(
                        "limits:\n - {nmae: a}",
                        "p.yaml:2:4: limits[0].name: is required: a name of letters, digits, ., _, -",
                        "p.yaml:2:4: limits[0].track: is required: source, destination, pair, source-port,"
                                + " destination+source-port or rule",
                        "p.yaml:2:4: limits[0].rate: is required: a rate such as 2000 packets/s, or a window",
                        "p.yaml:2:5: limits[0].nmae: unknown key; did you mean 'name'?"),
                mistake(
                        "limits:\n - {name: a, track: sorce/24, rate: 20 mbit/s}",
                        "p.yaml:2:21: limits[0].track: 'sorce' is not known; did you mean 'source'?",
                        "p.yaml:2:37: limits[0].rate: 'mbit/s' is not a unit of rates; did you mean 'Mbit/s'?"),
                mistake(
                        "limits:\n - {name: a, track: rule/24, rate: 0 packets/s}",
                        "p.yaml:2:21: limits[0].track: rule has no address, so it takes no prefix length",
                        "p.yaml:2:36: limits[0].rate: a rate is at least 1 per day; to drop everything, do not use a"
                                + " limit"),
                mistake(
                        "limits:\n - {name: a, track: \"source/24,/129\", rate: 2.5 packets/s}",
                        "p.yaml:2:21: limits[0].track: /129 is not a prefix length from 0 to 128; give IPv4 first, then"
                                + " IPv6, such as source/24,/56",
                        "p.yaml:2:45: limits[0].rate: '2.5 packets/s' is not a whole number of packets; use a longer"
                                + " unit, such as packets/min"),
                mistake(
                        "limits:\n - {name: a, track: source, rate: [5 packets/s, 6 packets/s]}",
                        "p.yaml:2:49: limits[0].rate[1]: is the second rate in packets; a limit has at most one in packets"
                                + " and one in bits"),
                mistake(
                        "limits:\n - {name: a, track: source, rate: []}",
                        "p.yaml:2:35: limits[0].rate: is empty; give a rate such as 2000 packets/s"),
                mistake(
                        limit("window: {count: 1, seconds: 1}"),
                        "p.yaml:2:55: limits[0].window: cannot go with 'rate'; keep one of them"),
                mistake(
                        "limits:\n - {name: a, track: source, window: {count: 0}, burst: 1 packet}",
                        "p.yaml:2:37: limits[0].window.seconds: is required: 1–86,400",
                        "p.yaml:2:45: limits[0].window.count: '0' is not a whole number from 1 to 1000000000",
                        "p.yaml:2:56: limits[0].burst: goes with 'rate' only"),
                mistake(
                        limit("burst: 4 Mbit"),
                        "p.yaml:2:54: limits[0].burst: is in bits, but there is no rate in bits"),
                mistake(
                        limit("burst: 4 megabyte"),
                        "p.yaml:2:54: limits[0].burst: 'megabyte' is not a unit of bursts; known are packets, packet, bit,"
                                + " kbit, Mbit, Gbit, bytes"),
                mistake(
                        limit("then: block"),
                        "p.yaml:2:53: limits[0].then: 'block' is not known; expected one of drop, alert"),
                mistake(limit("hold: 10"), "p.yaml:2:53: limits[0].hold: '10' needs a unit, such as 10s or 500ms"),
                mistake(
                        limit("hold: 5m"),
                        "p.yaml:2:53: limits[0].hold: 'm' is not a unit of time; did you mean 'min'?"),
                mistake(
                        limit("hold: 367day"),
                        "p.yaml:2:53: limits[0].hold: '367day' is not a duration from 0s to 366day"),
                mistake(
                        limit("table: {max: 0, idle: 0s, when-full: evcit, size: 1}"),
                        "p.yaml:2:60: limits[0].table.max: '0' is not a whole number from 1 to 67108864",
                        "p.yaml:2:69: limits[0].table.idle: is shorter than 1ms, so nothing would be remembered",
                        "p.yaml:2:84: limits[0].table.when-full: 'evcit' is not known; did you mean 'evict'?",
                        "p.yaml:2:91: limits[0].table.size: unknown key; did you mean 'max'?"),
                mistake(
                        limit("mode: enforce") + "\n - {name: a, track: rule, rate: 1 packet/s}",
                        "p.yaml:3:11: limits[1].name: 'a' is already the name of another, on line 2"));
    }

    private static Stream<Arguments> matches() {
        return Stream.of(
                mistake(
                        limit("match: {ports: 53, prefixes: []}"),
                        "p.yaml:2:55: limits[0].match.ports: unknown key; did you mean 'source-ports' or"
                                + " 'destination-ports'?",
                        "p.yaml:2:66: limits[0].match.prefixes: unknown key; did you mean 'source' or 'destination'?"),
                mistake(
                        limit("match: {protocol: upd, lane: in}"),
                        "p.yaml:2:65: limits[0].match.protocol: 'upd' is not known; did you mean 'udp'?",
                        "p.yaml:2:76: limits[0].match.lane: 'in' is not known; expected one of inbound, outbound"),
                mistake(
                        limit("match: {protocol: 256, source-ports: 70000}"),
                        "p.yaml:2:65: limits[0].match.protocol: '256' is not a whole number from 0 to 255",
                        "p.yaml:2:84: limits[0].match.source-ports: '70000' is not a whole number from 0 to 65535"),
                mistake(
                        limit("match: {destination-ports: [9-5, x], size: 1-2-3}"),
                        "p.yaml:2:75: limits[0].match.destination-ports[0]: '9-5' ends before it begins; did you mean"
                                + " '5-9'?",
                        "p.yaml:2:80: limits[0].match.destination-ports[1]: 'x' is not a port or a range, such as"
                                + " 1024-65535",
                        "p.yaml:2:90: limits[0].match.size: '1-2-3' is not a size in bytes or a range, such as"
                                + " 1024-65535"),
                mistake(
                        limit("match: {vector: [dsn, any]}"),
                        "p.yaml:2:64: limits[0].match.vector[0]: 'dsn' is not a vector; did you mean 'dns'?",
                        "p.yaml:2:69: limits[0].match.vector[1]: 'any' is not a vector; write vector: any"),
                mistake(
                        limit("match: {vector: [], source: [], fragment: maybe}"),
                        "p.yaml:2:63: limits[0].match.vector: is empty; remove the line to match any",
                        "p.yaml:2:75: limits[0].match.source: is empty; remove the line to match any",
                        "p.yaml:2:89: limits[0].match.fragment: 'maybe' is not known; expected one of true, false"));
    }

    private static Stream<Arguments> attack() {
        return Stream.of(
                mistake(
                        "attack: on",
                        "p.yaml:1:9: attack: expected a mapping of packets, bits, end-after, vectors, not 'on'"),
                mistake(
                        "attack: {packts: 10 packets/s}",
                        "p.yaml:1:10: attack.packts: unknown key; did you mean 'packets'?"),
                mistake(
                        "attack: {packets: 10 Mbit/s}",
                        "p.yaml:1:19: attack.packets: '10 Mbit/s' is not a rate of packets, such as 1000 packets/s"),
                mistake(
                        "attack: {bits: 1000 packets/s}",
                        "p.yaml:1:16: attack.bits: '1000 packets/s' is not a rate of bits, such as 10 Mbit/s"),
                mistake(
                        "attack: {packets: 0 packets/s}",
                        "p.yaml:1:19: attack.packets: a rate is at least 1 per day; to drop everything, do not use a limit"),
                mistake(
                        "attack: {end-after: 999ms}",
                        "p.yaml:1:21: attack.end-after: '999ms' is too short: an attack is over after 1s or more"),
                mistake(
                        "attack: {vectors: [dns]}",
                        "p.yaml:1:19: attack.vectors: expected a mapping of vectors, not a list"),
                mistake(
                        "attack: {vectors: {dsn: {packets: 5 packets/s}}}",
                        "p.yaml:1:20: attack.vectors.dsn: is no vector in force; did you mean 'dns'?"),
                mistake(
                        "reflection: {dns: off}\nattack: {vectors: {dns: {packets: 5 packets/s}}}",
                        "p.yaml:2:20: attack.vectors.dns: is no vector in force; did you mean 'mdns'?"),
                mistake(
                        "attack: {vectors: {dns: 5 packets/s}}",
                        "p.yaml:1:25: attack.vectors.dns: expected a mapping of packets, bits, not '5 packets/s'"));
    }

    private static Stream<Arguments> admin() {
        return Stream.of(
                mistake(
                        "admin: {listen: 0.0.0.0:9464}",
                        "p.yaml:1:17: admin.listen: '0.0.0.0' is not a loopback address: add admin.tls and"
                                + " admin.token-file, or listen on 127.0.0.1 and reach it by an SSH tunnel"),
                mistake("admin: {tls: {key: /k}}", "p.yaml:1:14: admin.tls.certificate: is required: whole path"),
                mistake("admin: {token: x}", "p.yaml:1:9: admin.token: unknown key; did you mean 'token-file'?"),
                mistake("events: {file: x}", "p.yaml:1:16: events.file: 'x' is not a whole path; begin with /"),
                mistake(
                        "events: {file: /a, max-size: 1 kB}",
                        "p.yaml:1:30: events.max-size: '1 kB' is not a size from 10 kB to 10 GB"),
                mistake(
                        "events: {file: /a, max-size: 10}",
                        "p.yaml:1:30: events.max-size: '10' needs a unit, such as 10 MB or 512 KiB"),
                mistake("events: {keep: 3}", "p.yaml:1:9: events.file: is required: whole path, or stdout"),
                mistake(
                        "evidence: {directory: /a, per-reason: 10}",
                        "p.yaml:1:39: evidence.per-reason: '10' is not a number a second, such as 10/s"),
                mistake(
                        "evidence: {directory: /a, files: 0, file-size: 3 XB}",
                        "p.yaml:1:34: evidence.files: '0' is not a whole number from 1 to 1000",
                        "p.yaml:1:48: evidence.file-size: 'XB' is not a unit of size; known are kB, MB, GB, KiB, MiB, GiB"),
                mistake(
                        "admin: {listen: \"::1:9464\"}",
                        "p.yaml:1:17: admin.listen: '::1:9464' is not address:port, such as 127.0.0.1:9464 or"
                                + " \"[::1]:9464\""),
                mistake(
                        "admin: {listen: 127.0.0.1:99999}",
                        "p.yaml:1:17: admin.listen: '99999' is not a whole number from 0 to 65535"),
                mistake(
                        "admin: {listen: 9464}",
                        "p.yaml:1:17: admin.listen: '9464' is not address:port, such as 127.0.0.1:9464 or"
                                + " \"[::1]:9464\""));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldSayWhereAndWhat(String yaml, List<String> problems) {
        assertThat(Policies.problems(yaml)).containsExactlyElementsOf(problems);
    }

    @Test
    void shouldReportThreeMistakesInThreeLines() {
        assertThat(Policies.problems("""
                reflection:
                  memcachd: drop
                limits:
                  - name: a
                    track: source
                    rate: 2000 pps
                mode: monitoring
                """))
                .containsExactly(
                        "p.yaml:2:3: reflection.memcachd: unknown vector; did you mean 'memcached'? An own vector needs"
                                + " {port: …, action: …}",
                        "p.yaml:6:11: limits[0].rate: 'pps' is not a unit of rates; did you mean 'packets/s'?",
                        "p.yaml:7:7: mode: 'monitoring' is not known; did you mean 'monitor'?");
    }

    @Test
    void shouldRequirePairsWhereTheyAreUsed() {
        for (String yaml : List.of("", "mode: monitor")) {
            assertThat(Policies.problems(PolicyFile.parse("p.yaml", yaml, LoadOptions.run())))
                    .containsExactly(
                            "p.yaml:1:1: pairs: is required: name the cards to join, such as pairs: [{name: uplink,"
                                    + " outside: eth0, inside: eth1}]");
        }
        assertThat(Policies.problems(PolicyFile.parse("p.yaml", "pairs: []", LoadOptions.run())))
                .containsExactly("p.yaml:1:8: pairs: is empty; name at least one pair of cards");
    }

    @Test
    void shouldRefuseWhatOnlyXdpCanDo() {
        String yaml = """
                pairs:
                  - name: a
                    outside: eth0
                    inside: eth1
                    idle: busy
                    zero-copy: off
                """;
        assertThat(Policies.problems(PolicyFile.parse("p.yaml", yaml, LoadOptions.run())))
                .containsExactly(
                        "p.yaml:5:11: pairs[0].idle: needs backend: xdp; use blocking",
                        "p.yaml:6:16: pairs[0].zero-copy: needs backend: xdp; leave it out");
    }

    @Test
    void shouldReportFilesThatCannotBeRead() throws IOException {
        assertThat(load(directory.resolve("none.yaml"))).containsExactly(":1:1: file: does not exist; check the path");
        assertThat(load(directory))
                .containsExactly(":1:1: file: cannot be read: it is a directory; check the path and its rights");
        Path latin1 =
                Files.write(directory.resolve("latin1.yaml"), "mode: x\n# é".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(load(latin1))
                .containsExactly(":2:3: file: is not UTF-8: byte 0xe9 does not belong here; save the file as UTF-8");
        Path cut = Files.write(directory.resolve("cut.yaml"), new byte[] {'#', (byte) 0xe2, (byte) 0x82});
        assertThat(load(cut))
                .containsExactly(":1:2: file: is not UTF-8: byte 0xe2 does not belong here; save the file as UTF-8");
        Path large = Files.write(directory.resolve("large.yaml"), new byte[PolicyFile.MAX_BYTES + 1]);
        assertThat(load(large)).containsExactly(":1:1: file: is larger than 4 MiB; join prefixes into larger ones");
    }

    @Test
    void shouldReadFilesWithByteOrderMarkAndWindowsLineEnds() throws IOException {
        Path file = Files.writeString(directory.resolve("bom.yaml"), "\ufeffmode: monitor\r\nlimits: []\r\n");
        assertThat(PolicyFile.load(file, LoadOptions.replay())).isInstanceOf(PolicyResult.Accepted.class);
        Files.writeString(file, "\ufeffmode: monitor\r\n\r\nlimts: []\r\n");
        assertThat(load(file)).containsExactly(":3:1: limts: unknown key; did you mean 'limits'?");
    }

    /** Problems without the file's name, which stands first. */
    private static List<String> load(Path file) {
        return Policies.problems(PolicyFile.load(file, LoadOptions.replay())).stream()
                .peek(problem -> assertThat(problem).startsWith(file.toString()))
                .map(problem -> problem.substring(file.toString().length()))
                .toList();
    }

    @Test
    void shouldKeepProblemsOnOneLineWhateverTheFileHolds() {
        List<String> problems = Policies.problems("\"a\\nb\\u202e\\e[31m\": 1\nmode: \"" + "x\\n".repeat(40) + "\"");

        assertThat(problems)
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).doesNotContainPattern("[\\p{Cntrl}\\u202e]"))
                .allSatisfy(problem -> assertThat(problem.length()).isLessThan(300));
    }
}
