package io.breakwater.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every real capture there is: counted as tshark counts it, and rewritten without loss. */
class CorpusTest {
    /** Files whose frame count in the manifest is not the number of packets, and the number that is. */
    private static final Map<String, Integer> COUNTED_OTHERWISE = Map.of(
            // The manifest counts three blocks that are no packets (custom, systemd journal).
            "odd/format/gopacket-be-test202.pcapng", 8,
            "odd/format/gopacket-le-test202.pcapng", 8);

    /** Files that must be refused before anything is read, and why. */
    private static final Map<String, String> REFUSED = Map.of(
            "malformed/container/libpcap-linktype-reserved-field-not-zero.pcap", "reserved bits of the link-type word",
            "malformed/container/libpcap-pcap-invalid-version-1.pcap", "pcap version 1.4 is not supported",
            "malformed/container/libpcap-shb-option-too-long.pcapng", "at its start and");

    /** Files that are read up to their damage, and what the damage is. */
    private static final Map<String, String> DAMAGED =
            Map.of("malformed/container/derived-cut-short.pcap", "cut short at byte 5000");

    private static List<String> manifest = List.of();
    private static Path folder = Path.of("");

    @TempDir
    Path scratch = Path.of("");

    @BeforeAll
    static void findCaptures() throws IOException {
        Path found = Corpus.folder();
        assumeTrue(found != null, Corpus.ABSENT);
        folder = Objects.requireNonNull(found);
        List<String> lines = Files.readAllLines(folder.resolve("manifest.tsv"));
        manifest = lines.subList(1, lines.size());
    }

    @TestFactory
    List<DynamicTest> shouldReadAndRewrite() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : manifest) {
            String[] row = line.split("\t");
            tests.add(DynamicTest.dynamicTest(row[0], () -> check(row[0], Integer.parseInt(row[2]))));
        }
        return tests;
    }

    private void check(String path, int manifestFrames) throws IOException {
        Path file = folder.resolve(path);
        String refusal = REFUSED.get(path);
        if (refusal != null) {
            assertThat(openingFails(file)).contains(refusal);
            return;
        }
        Replay first = Replay.ofFile(file);
        assertThat(first.frames()).hasSize(COUNTED_OTHERWISE.getOrDefault(path, manifestFrames));
        String damage = DAMAGED.get(path);
        if (damage == null) {
            assertThat(first.problems()).isEmpty();
        } else {
            assertThat(first.problems()).singleElement().asString().contains(damage);
        }
        assertThat(Replay.ofStream(Files.readAllBytes(file)).frames()).isEqualTo(first.frames());
        Path rewritten = scratch.resolve("rewritten");
        rewrite(file, rewritten);
        assertThat(Replay.ofFile(rewritten))
                .isEqualTo(new Replay(first.frames(), List.of(), relabelled(first, file, rewritten)));
    }

    private static String openingFails(Path file) {
        try (CaptureSource source = CaptureSource.open(List.of(file.toString()), Replay.noInput())) {
            return "opened " + source.name();
        } catch (CaptureException e) {
            return String.join(" ", e.problems());
        }
    }

    private static List<String> relabelled(Replay replay, Path from, Path to) {
        return replay.warnings().stream()
                .map(w -> w.replace(from.toString(), to.toString()))
                .toList();
    }

    private static void rewrite(Path from, Path to) throws IOException {
        try (CaptureSource source = CaptureSource.open(List.of(from.toString()), Replay.noInput());
                CaptureWriter writer = CaptureWriter.create(to.toString(), source)) {
            Replay.drain(source, 16, slot -> assertThat(writer.send(slot)).isTrue());
        }
    }

    @Test
    void shouldWriteWhatCapinfosCountsTheSame() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/capinfos")), "capinfos is not installed");
        List<String> wrong = new ArrayList<>();
        for (String line : manifest) {
            String[] row = line.split("\t");
            if (!REFUSED.containsKey(row[0])) {
                Path rewritten = scratch.resolve("counted");
                rewrite(folder.resolve(row[0]), rewritten);
                int frames = COUNTED_OTHERWISE.getOrDefault(row[0], Integer.parseInt(row[2]));
                String counted = capinfos(rewritten);
                if (!counted.equals(rewritten + "\t" + frames)) {
                    wrong.add(row[0] + ": " + frames + " frames, capinfos: " + counted);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String capinfos(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/usr/bin/capinfos", "-T", "-M", "-r", "-c", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return said;
    }
}
