package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.replay.Reports;
import io.breakwater.engine.frame.PacketBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code breakwater replay} as its users and their scripts see it. */
class ReplayCommandTest {
    private static final String MEMCACHED_ONLY =
            "reflection: {defaults: off, memcached: drop}\nlimits: []\nfragments: off\n";

    private static final String INSIDE = "192.0.2.10";
    private static final String OUTSIDE = "198.51.100.1";

    @TempDir
    Path folder = Path.of("");

    private String capture(String name, byte[] bytes) {
        return CaptureFiles.write(folder.resolve(name), bytes);
    }

    private String policy(String yaml) {
        return capture("policy.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private String mixed() {
        return capture(
                "mixed.pcap",
                CaptureFiles.pcap(
                        CaptureFiles.ETHERNET,
                        CaptureFiles.arp(),
                        CaptureFiles.memcachedAnswer(),
                        CaptureFiles.udp(OUTSIDE, INSIDE, 40_000, 11211)));
    }

    /** Runs with {@code --report -} and answers the report. */
    private static Map<String, Object> report(String... args) {
        List<String> all = new ArrayList<>(List.of("replay", "--report", "-"));
        all.addAll(Arrays.asList(args));
        return Reports.parse(Invocation.of(all.toArray(String[]::new)).out());
    }

    @Test
    void shouldReportEveryKeyOfTheContractInOneObject() {
        Map<String, Object> report = report("-c", policy(MEMCACHED_ONLY), "-i", mixed());
        assertThat(report.keySet())
                .containsExactly(
                        "frames",
                        "bytes",
                        "forwarded",
                        "dropped",
                        "reasons",
                        "non_ip",
                        "fragments",
                        "sources_tracked",
                        "would_drop",
                        "attacks",
                        "solicited_enforced",
                        "duration_s",
                        "frames_per_s",
                        "latency_ns");
        assertThat(report)
                .containsEntry("frames", 3L)
                .containsEntry("bytes", 60L + 2 * 65)
                .containsEntry("forwarded", 2L)
                .containsEntry("dropped", 1L)
                .containsEntry("reasons", Map.of("reflection:memcached", 1L))
                .containsEntry("non_ip", 1L)
                .containsEntry("fragments", 0L)
                .containsEntry("would_drop", Map.of())
                .containsEntry("solicited_enforced", false);
        assertThat(Reports.object(report, "latency_ns")).containsOnlyKeys("p50", "p99", "p999", "max");
    }

    @Test
    void shouldWriteNothingButTheReportToStandardOutput() {
        Invocation run = Invocation.of("replay", "-c", policy(MEMCACHED_ONLY), "-i", mixed(), "--report", "-");
        run.shouldBeDone();
        assertThat(Reports.parse(run.out())).containsEntry("frames", 3L);
        assertThat(run.out()).startsWith("{").endsWith("}\n");
    }

    @Test
    void shouldDrawNoProgressWhenPiped() {
        Invocation run = Invocation.of("replay", "-c", policy(MEMCACHED_ONLY), "-i", mixed())
                .shouldBeDone();
        assertThat(run.out()).doesNotContain("\r", "\u001b").contains("reflection:memcached");
    }

    @Test
    void shouldKeepWhatWasReadOfACaptureThatIsCutShort() throws IOException {
        byte[] whole = CaptureFiles.pcap(
                CaptureFiles.ETHERNET, CaptureFiles.memcachedAnswer(), CaptureFiles.arp(), CaptureFiles.arp());
        String cut = capture("cut.pcap", Arrays.copyOf(whole, whole.length - 7));
        String after = capture("after.pcap", CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.arp()));
        Path out = folder.resolve("out.pcap");
        Path json = folder.resolve("report.json");
        Invocation run = Invocation.of(
                "replay",
                "-c",
                policy(MEMCACHED_ONLY),
                "-i",
                cut,
                "-i",
                after,
                "-o",
                out.toString(),
                "--report",
                json.toString());
        run.shouldHaveFailed("cut.pcap: cut short", "2 frames were read before it");
        assertThat(Reports.parse(Files.readString(json)))
                .containsEntry("frames", 3L)
                .containsEntry("forwarded", 2L)
                .containsEntry("dropped", 1L);
        assertThat(Files.size(out)).isEqualTo(24 + 2 * (16 + 60));
    }

    @Test
    void shouldReplayTheOthersWhenOneIsCutShortInItsHeader() {
        byte[] whole = CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.arp());
        String good = capture("good.pcap", whole);
        String cut = capture("cut.pcap", Arrays.copyOf(whole, 10));

        Invocation run = Invocation.of("replay", "-i", cut, "-i", good, "--report", "-");

        run.shouldHaveFailed(cut, "cut short at byte 10");
        assertThat(Reports.parse(run.out())).containsEntry("frames", 1L);
    }

    @Test
    void shouldSayThatAStreamsFramesMayBeOfAnySize() {
        byte[] capture =
                CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.times(20, CaptureFiles.memcachedAnswer()));
        String policy =
                policy("reflection: off\nlimits: [{name: bits, track: source, rate: 1 bit/s, burst: 1 kbit}]\n");

        Invocation run = Invocation.withInput(capture, "replay", "-c", policy, "-i", "-");

        assertThat(run.exitCode()).isZero();
        assertThat(run.errLines()).singleElement().asString().contains("not known beforehand", "65535 bytes");
    }

    @Test
    void shouldFailOnAFullDiskAndStillReport() {
        Invocation run = Invocation.of("replay", "-c", policy(MEMCACHED_ONLY), "-i", mixed(), "-o", "/dev/full");
        run.shouldHaveFailed("/dev/full: cannot be written", "No space left");
        assertThat(run.out()).contains("frames");
        Invocation.of("replay", "-i", mixed(), "--report", "/dev/full")
                .shouldHaveFailed("/dev/full: the report cannot be written", "No space left");
    }

    @Test
    void shouldReadStandardInputInBothFormats() {
        byte[][] frames = {CaptureFiles.arp(), CaptureFiles.memcachedAnswer()};
        for (byte[] bytes : Arrays.asList(
                CaptureFiles.pcap(CaptureFiles.ETHERNET, frames), CaptureFiles.pcapng(CaptureFiles.ETHERNET, frames))) {
            Invocation run =
                    Invocation.withInput(bytes, "replay", "-c", policy(MEMCACHED_ONLY), "-i", "-", "--report", "-");
            run.shouldBeDone();
            assertThat(Reports.parse(run.out())).containsEntry("frames", 2L).containsEntry("dropped", 1L);
        }
    }

    @Test
    void shouldCarryStateFromOneInputToTheNext() {
        String policy = policy("""
                reflection: off
                limits: [{name: one, match: {protocol: udp}, track: rule, rate: 1 packets/day, burst: 5 packets}]
                """);
        String three = capture(
                "three.pcap",
                CaptureFiles.pcap(
                        CaptureFiles.ETHERNET, CaptureFiles.times(3, CaptureFiles.udp(OUTSIDE, INSIDE, 9, 40_000))));
        assertThat(report("-c", policy, "-i", three)).containsEntry("dropped", 0L);
        assertThat(report("-c", policy, "-i", three, "-i", three))
                .containsEntry("frames", 6L)
                .containsEntry("reasons", Map.of("limit:one", 1L));
    }

    @Test
    void shouldDecideTheLaneBySourceUnlessForced() {
        String policy = policy("""
                protected: [192.0.2.0/24]
                reflection: off
                limits: []
                antispoof: {outbound: strict, inbound: strict}
                """);
        String both = capture(
                "both.pcap",
                CaptureFiles.pcap(
                        CaptureFiles.ETHERNET,
                        CaptureFiles.udp(OUTSIDE, INSIDE, 9, 40_000),
                        CaptureFiles.udp(OUTSIDE, INSIDE, 9, 40_000),
                        CaptureFiles.udp(INSIDE, OUTSIDE, 40_000, 9)));
        assertThat(report("-c", policy, "-i", both)).containsEntry("dropped", 0L);
        assertThat(report("-c", policy, "-i", both, "--lane", "inbound"))
                .containsEntry("reasons", Map.of("antispoof", 1L));
        assertThat(report("-c", policy, "-i", both, "--lane", "outbound"))
                .containsEntry("reasons", Map.of("antispoof", 2L));
    }

    @Test
    void shouldForwardEverythingInMonitorMode() throws IOException {
        Path out = folder.resolve("out.pcap");
        assertThat(report("-c", policy("mode: monitor\n" + MEMCACHED_ONLY), "-i", mixed(), "-o", out.toString()))
                .containsEntry("forwarded", 3L)
                .containsEntry("dropped", 0L)
                .containsEntry("reasons", Map.of())
                .containsEntry("would_drop", Map.of("reflection:memcached", 1L));
        assertThat(Files.size(out)).isEqualTo(24 + 3 * 16 + 60 + 2 * 65);
    }

    @Test
    void shouldLetTheNextClassifierLookBehindARuleInMonitorMode() {
        String policy = policy("""
                reflection: {defaults: off, memcached: {action: drop, mode: monitor}}
                limits: [{name: none, match: {protocol: udp}, track: rule, rate: 1 packets/day, burst: 1 packets}]
                """);
        String two = capture(
                "two.pcap",
                CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.times(2, CaptureFiles.memcachedAnswer())));
        assertThat(report("-c", policy, "-i", two))
                .containsEntry("reasons", Map.of("limit:none", 1L))
                .containsEntry("would_drop", Map.of("reflection:memcached", 2L));
    }

    @Test
    void shouldSayWhetherSolicitedVectorsAreEnforced() {
        String dns = capture(
                "dns.pcap", CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.udp(OUTSIDE, INSIDE, 53, 40_000)));
        Invocation without = Invocation.of("replay", "-i", dns).shouldBeDone();
        assertThat(without.out()).contains("note: solicited vectors were not enforced: without 'protected'");
        assertThat(report("-i", dns)).containsEntry("solicited_enforced", false);
        String inside = policy("protected: [192.0.2.0/24]\n");
        assertThat(Invocation.of("replay", "-c", inside, "-i", dns).out()).doesNotContain("note:");
        assertThat(report("-c", inside, "-i", dns)).containsEntry("solicited_enforced", true);
    }

    @Test
    void shouldForwardFramesOfAnUnsupportedLinkTypeWithOneWarning() throws IOException {
        byte[] in = CaptureFiles.pcap(
                CaptureFiles.PPP, CaptureFiles.times(20, CaptureFiles.udp(OUTSIDE, INSIDE, 11211, 40_000)));
        Path out = folder.resolve("out.pcap");
        Path json = folder.resolve("report.json");
        Invocation run = Invocation.of(
                "replay", "-i", capture("ppp.pcap", in), "-o", out.toString(), "--report", json.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.errLines()).singleElement().asString().contains("warning: ", "link type 9", "non_ip");
        assertThat(Reports.parse(Files.readString(json)))
                .containsEntry("forwarded", 20L)
                .containsEntry("non_ip", 20L);
        assertThat(Files.size(out)).isEqualTo(in.length);
    }

    @Test
    void shouldWritePcapngOnlyWhereLinkTypesDiffer() throws IOException {
        String raw = capture(
                "raw.pcap",
                CaptureFiles.pcap(
                        CaptureFiles.RAW_IP,
                        PacketBuilder.rawIp().ip(OUTSIDE, INSIDE).udp(9, 40_000).build()));
        Path out = folder.resolve("out");
        Invocation.of("replay", "-i", mixed(), "-o", out.toString()).shouldBeDone();
        assertThat(Files.readAllBytes(out)).startsWith(0x4d, 0x3c, 0xb2, 0xa1);
        Invocation.of("replay", "-i", mixed(), "-i", raw, "-o", out.toString()).shouldBeDone();
        assertThat(Files.readAllBytes(out)).startsWith(0x0a, 0x0d, 0x0d, 0x0a);
    }

    @Test
    void shouldDivideFramesBetweenPassedAndDropped() throws IOException {
        Path passed = folder.resolve("passed");
        Path dropped = folder.resolve("dropped");
        Invocation.of(
                        "replay",
                        "-c",
                        policy(MEMCACHED_ONLY),
                        "-i",
                        mixed(),
                        "-o",
                        passed.toString(),
                        "--dropped",
                        dropped.toString())
                .shouldBeDone();
        assertThat(Files.size(passed)).isEqualTo(24 + 2 * 16 + 60 + 65);
        assertThat(Files.size(dropped)).isEqualTo(24 + 16 + 65);
    }

    @Test
    void shouldNotLimitASenderWhoseStampsJumpByACenturyAgainAndAgain() {
        byte[][] frames = CaptureFiles.times(50, CaptureFiles.udp(OUTSIDE, INSIDE, 9, 40_000));
        String jumping = capture("jumping.pcap", CaptureFiles.jumpingPcap(CaptureFiles.ETHERNET, frames));
        assertThat(report("-i", jumping)).containsEntry("frames", 50L).containsEntry("dropped", 0L);
    }
}
