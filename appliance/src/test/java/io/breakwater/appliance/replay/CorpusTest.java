package io.breakwater.appliance.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.appliance.replay.ReadCapture.Frame;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every real capture through the whole program with a memcached-only policy, against the counts of tshark.
 *
 * <p>No capture has a frame from UDP port 11211 that is malformed or inside a tunnel, so {@code reflection:memcached} is
 * compared without an exception.
 */
class CorpusTest {
    private static final Policy MEMCACHED_ONLY =
            ReplayRun.policy("reflection: {defaults: off, memcached: drop}\nlimits: []\nfragments: off\n");

    /** Counts each source once: a limit that nobody reaches, whose table forgets nothing. */
    private static final Policy COUNT_SOURCES = ReplayRun.policy("""
            reflection: off
            fragments: off
            limits:
              - name: sources
                match: {protocol: any}
                track: source/32,/128
                rate: 100000000 packets/s
                table: {max: 65536, idle: 366day}
            """);

    /** Captures that the program refuses before anything is read, and a part of what it says. */
    private static final Map<String, String> REFUSED = Map.of(
            "malformed/container/libpcap-linktype-reserved-field-not-zero.pcap", "reserved bits of the link-type word",
            "malformed/container/libpcap-pcap-invalid-version-1.pcap", "pcap version 1.4 is not supported",
            "malformed/container/libpcap-shb-option-too-long.pcapng", "damaged at byte 0");

    /** The capture that ends inside a record: its whole records count, and the exit code is 1. */
    private static final String CUT_SHORT = "malformed/container/derived-cut-short.pcap";

    private static final long THREE_BLOCKS_NO_PACKETS = 8;

    /** Frames, where the manifest counts blocks of pcapng (custom, systemd journal) that are no packets. */
    private static final Map<String, Long> FRAMES = Map.of(
            "odd/format/gopacket-be-test202.pcapng", THREE_BLOCKS_NO_PACKETS,
            "odd/format/gopacket-le-test202.pcapng", THREE_BLOCKS_NO_PACKETS);

    private static Corpus corpus = new Corpus(Path.of(""), List.of());

    private static Map<String, Difference> differences = Map.of();

    @TempDir
    Path scratch = Path.of("");

    @BeforeAll
    static void findCaptures() throws IOException {
        Corpus found = Corpus.find();
        assumeTrue(found != null, Corpus.ABSENT);
        corpus = Objects.requireNonNull(found);
        differences = Difference.readAll();
    }

    @TestFactory
    List<DynamicTest> shouldCountAsTsharkDoes() {
        return tests(this::shouldCountAsTsharkDoes);
    }

    private void shouldCountAsTsharkDoes(Corpus.Row row) {
        ReplayRun run = run(MEMCACHED_ONLY, row, 2);
        assertThat(run.count("frames")).isEqualTo(FRAMES.getOrDefault(row.path(), row.frames()));
        assertThat(run.dropped("reflection:memcached")).as("udp_sport_11211").isEqualTo(row.memcached());
        assertThat(run.counts("reasons").keySet()).isSubsetOf("reflection:memcached", "malformed");
        assertThat(run.count("non_ip")).as("non_ip").isEqualTo(expected(row, "non_ip", row.nonIp()));
        assertThat(run.count("fragments"))
                .as("fragments")
                .isEqualTo(expected(row, "fragments", row.ipv4Fragments() + row.ipv6Fragments()));
        assertThat(run(COUNT_SOURCES, row, 1).count("sources_tracked"))
                .as("distinct_src_ips")
                .isEqualTo(expected(row, "sources", row.sources()));
    }

    /** The manifest's count, or ours where the definitions differ and the table of differences says why. */
    private static long expected(Corpus.Row row, String count, long manifest) {
        Difference difference = differences.get(row.path() + " " + count);
        if (difference == null) {
            return manifest;
        }
        assertThat(difference.manifest()).as("the manifest's count of before").isEqualTo(manifest);
        return difference.ours();
    }

    /** A count of a capture that differs from the manifest's. */
    private record Difference(long manifest, long ours, String reason) {
        static Map<String, Difference> readAll() throws IOException {
            Map<String, Difference> all = new HashMap<>();
            for (String line : Resources.lines("corpus-differences.tsv")) {
                String[] cells = line.split("\t", -1);
                Difference difference = new Difference(Long.parseLong(cells[2]), Long.parseLong(cells[3]), cells[4]);
                assertThat(difference.reason()).as(line).isNotBlank();
                all.put(cells[0] + " " + cells[1], difference);
            }
            return all;
        }
    }

    @TestFactory
    List<DynamicTest> shouldWriteEveryFrameByteForByteAndStampForStamp() {
        return tests(this::shouldWriteEveryFrame);
    }

    private void shouldWriteEveryFrame(Corpus.Row row) throws IOException {
        List<Frame> in = ReadCapture.frames(corpus.file(row));
        for (int threads = 1; threads <= 3; threads++) {
            ReplayRun run = run(MEMCACHED_ONLY, row, threads);
            List<Frame> passed = ReadCapture.frames(scratch.resolve("passed"));
            List<Frame> dropped = ReadCapture.frames(scratch.resolve("dropped"));
            assertThat(run.count("forwarded")).isEqualTo(passed.size());
            assertThat(run.count("dropped")).isEqualTo(dropped.size());
            assertThat(in).as("%d threads", threads).isEqualTo(merge(in, passed, dropped));
        }
    }

    /** Puts both outputs back into the order of the input. */
    private static List<Frame> merge(List<Frame> in, List<Frame> passed, List<Frame> dropped) {
        List<Frame> merged = new ArrayList<>();
        int nextPassed = 0;
        int nextDropped = 0;
        for (Frame frame : in) {
            if (nextPassed < passed.size() && passed.get(nextPassed).equals(frame)) {
                merged.add(passed.get(nextPassed++));
            } else if (nextDropped < dropped.size()) {
                merged.add(dropped.get(nextDropped++));
            }
        }
        return merged;
    }

    private interface Check {
        void of(Corpus.Row row) throws IOException;
    }

    private List<DynamicTest> tests(Check check) {
        return corpus.rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.path(), () -> {
                    String refusal = REFUSED.get(row.path());
                    if (refusal == null) {
                        check.of(row);
                    } else {
                        shouldRefuse(row, refusal);
                    }
                }))
                .toList();
    }

    private void shouldRefuse(Corpus.Row row, String refusal) {
        try {
            ReplayRun.of(MEMCACHED_ONLY, corpus.file(row), 2, null, null);
        } catch (CommandFailure e) {
            assertThat(e.exitCode()).isEqualTo(CommandFailure.USAGE);
            assertThat(e.line()).contains(refusal);
            return;
        }
        throw new AssertionError(row.path() + " was read");
    }

    private ReplayRun run(Policy policy, Corpus.Row row, int threads) {
        ReplayRun run =
                ReplayRun.of(policy, corpus.file(row), threads, scratch.resolve("passed"), scratch.resolve("dropped"));
        assertThat(run.exitCode()).isEqualTo(row.path().equals(CUT_SHORT) ? 1 : 0);
        return run;
    }
}
