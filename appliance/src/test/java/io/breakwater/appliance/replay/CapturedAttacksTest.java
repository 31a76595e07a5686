package io.breakwater.appliance.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks in real captures: each flood is noticed with its vector and victim, and everyday traffic is none. */
class CapturedAttacksTest {
    /** The victim's address in the captures of floods. */
    private static final String INSIDE = "protected: [10.10.10.0/24, 192.0.2.10/32]\n";

    /** A client that asks memcached over UDP, with the default policy: all its answers are unwanted. */
    private static final String ASKS_MEMCACHED = "benign/memcached/lab-memcached-udp-tcp-session.pcapng";

    private static Corpus corpus = new Corpus(Path.of(""), List.of());

    @BeforeAll
    static void findCaptures() throws IOException {
        Corpus found = Corpus.find();
        assumeTrue(found != null, Corpus.ABSENT);
        corpus = Objects.requireNonNull(found);
    }

    /** Distinct sources as counted by tshark; the sketch's standard error is 6.5 %, so three of them are allowed. */
    @ParameterizedTest
    @CsvSource({
        "attack/snmp/stopddos-snmp-161-part1.pcapng, snmp, 10.10.10.10, 2531, 2504",
        "attack/iot-bacnet-dvr/stopddos-bacnet47808-dvr37810-part1.pcapng, bacnet, 10.10.10.1, 4195, 2669",
        "attack/iot-bacnet-dvr/stopddos-bacnet47808-dvr37810-part1.pcapng, dhdiscover, 10.10.10.1, 1472, 1420",
        "attack/dns/stopddos-dns-rrsig-fragmented-part1.pcap, dns, 10.10.10.10, 753, 50",
        "attack/memcached/lab-memcached-reflection.pcap, memcached, 192.0.2.10, 1376, 48",
    })
    void shouldNoticeARealFlood(String path, String vector, String victim, long packets, long sources) {
        Map<String, Object> attack = attacks(path, ReplayRun.policy(INSIDE)).stream()
                .filter(one -> vector.equals(one.get("vector")) && victim.equals(one.get("target")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no attack by " + vector + " on " + victim));

        // Those before it was noticed are missing: half a second's worth of the threshold, and the rest of that window.
        assertThat((Long) attack.get("packets")).isBetween(packets / 2, packets);
        assertThat((Long) attack.get("sources")).isBetween(sources * 8 / 10, sources * 12 / 10);
    }

    @Test
    void shouldTakeNoEverydayTrafficForAnAttack() {
        List<String> found = new ArrayList<>();
        for (Corpus.Row row : corpus.rows()) {
            if (row.path().startsWith("benign/") && !row.path().equals(ASKS_MEMCACHED)) {
                attacks(row.path(), ReplayRun.builtIn()).forEach(attack -> found.add(row.path() + ": " + attack));
            }
        }
        assertThat(found).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> attacks(String path, Policy policy) {
        ReplayRun run = ReplayRun.of(policy, corpus.folder().resolve(path), 1, null, null);
        return (List<Map<String, Object>>) Objects.requireNonNull(run.report().get("attacks"));
    }
}
