package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be right is refused before anything is started: exit code 2 and lines that say the next step. */
class RefusalsTest {
    @TempDir
    Path folder = Path.of("");

    private String capture = "";
    private byte[] captureBytes = new byte[0];

    @BeforeEach
    void writeCapture() {
        captureBytes = CaptureFiles.pcap(CaptureFiles.ETHERNET, CaptureFiles.memcachedAnswer(), CaptureFiles.arp());
        capture = CaptureFiles.write(folder.resolve("in.pcap"), captureBytes);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String policy(String yaml) {
        return CaptureFiles.write(folder.resolve("policy.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay", "check", "run"})
    void shouldRefuseAPolicyThatIsMissing(String command) {
        String policy = file("nosuch.yaml");
        Invocation run = command.equals("replay")
                ? Invocation.of(command, "-c", policy, "-i", capture)
                : Invocation.of(command, "-c", policy);
        run.shouldBeRefused(policy + ":1:1: ", "does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay", "check", "run"})
    void shouldTellEachMistakeOfAPolicyWithItsPlace(String command) {
        String policy = policy("""
                pairs: [{name: uplink, outside: eth0, inside: eth1}]
                mode: enforced
                reflection: {dsn: drop}
                limits:
                  - {name: a, track: sauce, rate: 5 packets/s}
                """);
        Invocation run = command.equals("replay")
                ? Invocation.of(command, "-c", policy, "-i", capture, "-o", file("out.pcap"))
                : Invocation.of(command, "-c", policy);
        run.shouldHaveNoStackTrace();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(policy + ":2:7: mode: ")
                                .contains("did you mean 'enforce'"),
                        line -> assertThat(line)
                                .startsWith(policy + ":3:14: reflection.dsn: ")
                                .contains("'dns'"),
                        line -> assertThat(line)
                                .startsWith(policy + ":5:22: limits[0].track: ")
                                .contains("'source'"));
        assertThat(folder.resolve("out.pcap")).doesNotExist();
    }

    @Test
    void shouldRequirePairsInCheckOnly() {
        String policy = policy("mode: enforce\nreflection: off\n");
        Invocation.of("check", "-c", policy).shouldBeRefused(policy + ":1:1: pairs: is required");
        Invocation.of("replay", "-c", policy, "-i", capture).shouldBeDone();
    }

    @Test
    void shouldRefuseAnInputThatIsMissing() {
        Invocation.of("replay", "-i", capture, "-i", file("nosuch.pcap"), "-o", file("out.pcap"))
                .shouldBeRefused("nosuch.pcap: there is no such file");
        assertThat(folder.resolve("out.pcap")).doesNotExist();
    }

    @Test
    void shouldRefuseAFolderAsInput() {
        Invocation.of("replay", "-i", folder.toString()).shouldBeRefused(folder + ": a directory");
    }

    @Test
    void shouldRefuseAnEmptyFile() {
        String empty = CaptureFiles.write(folder.resolve("empty"), new byte[0]);
        Invocation.of("replay", "-i", empty).shouldBeRefused(empty + ": empty");
    }

    @Test
    void shouldRefuseAFileThatIsNoCapture() {
        String text =
                CaptureFiles.write(folder.resolve("text"), "no capture at all\n".getBytes(StandardCharsets.UTF_8));
        Invocation.of("replay", "-i", text).shouldBeRefused(text + ": no pcap or pcapng capture", "editcap");
    }

    @Test
    void shouldSayHowToReadACompressedCapture() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(captureBytes);
        }
        String zipped = CaptureFiles.write(folder.resolve("in.pcap.gz"), bytes.toByteArray());
        Invocation.of("replay", "-i", zipped).shouldBeRefused("gzip -dc " + zipped + " | breakwater replay -i -");
    }

    @Test
    void shouldNotOverwriteAnInputByAnyOfItsNames() throws IOException {
        Path in = folder.resolve("in.pcap");
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic"), in);
        Path hard = Files.createLink(folder.resolve("hard"), in);
        for (String name : Arrays.asList(
                capture, symbolic.toString(), hard.toString(), folder + "/./in.pcap", folder + "/x/../in.pcap")) {
            for (String option : Arrays.asList("-o", "--dropped", "--report", "--hlog")) {
                Files.createDirectories(folder.resolve("x"));
                Invocation.of("replay", "-i", capture, option, name).shouldBeRefused(name + ": the same file as");
                assertThat(Files.readAllBytes(in)).as("%s %s", option, name).isEqualTo(captureBytes);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o", "--dropped", "--report", "--hlog"})
    void shouldNotOverwriteThePolicy(String option) throws IOException {
        String yaml = "protected: [192.0.2.0/24]\nmode: monitor\n";
        String policy = policy(yaml);

        Invocation.of("replay", "-c", policy, "-i", capture, option, policy)
                .shouldBeRefused(policy + ": the same file as");
        assertThat(Path.of(policy)).hasContent(yaml);
    }

    @Test
    void shouldEmptyNoOutputWhenAnotherHasNoPlace() {
        String report = CaptureFiles.write(folder.resolve("old.json"), new byte[] {'{', '}'});
        String passed = CaptureFiles.write(folder.resolve("old.pcap"), captureBytes);

        Invocation.of("replay", "-i", capture, "--report", report, "-o", passed, "--dropped", file("nosuch/d.pcap"))
                .shouldBeRefused("its folder does not exist");
        assertThat(Path.of(report)).hasContent("{}");
        assertThat(Path.of(passed)).hasBinaryContent(captureBytes);
    }

    @Test
    void shouldNotWriteTwoOutputsIntoOneFile() {
        Invocation.of("replay", "-i", capture, "-o", file("out"), "--dropped", file("out"))
                .shouldBeRefused("out: the same file as");
        Invocation.of("replay", "-i", capture, "--dropped", file("out"), "--report", folder + "/./out")
                .shouldBeRefused("out: the same file as");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o", "--dropped", "--report", "--hlog"})
    void shouldRefuseAnOutputInAFolderThatIsMissing(String option) {
        Invocation.of("replay", "-i", capture, option, file("no/such/out"))
                .shouldBeRefused("no/such/out: cannot be written: its folder does not exist; make it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o", "--dropped"})
    void shouldRefuseFramesOnStandardOutput(String option) {
        Invocation.of("replay", "-i", capture, option, "-").shouldBeRefused("name a file");
    }

    @Test
    void shouldRefuseWhatCannotBeTyped() {
        Invocation.of().shouldBeRefused("a command is missing", "--help");
        Invocation.of("replya").shouldBeRefused("replya");
        Invocation.of("replay").shouldBeRefused("--input", "breakwater replay --help");
        Invocation.of("replay", "-i", capture, "--bogus").shouldBeRefused("--bogus");
        Invocation.of("replay", "-i", capture, "--lane", "sideways")
                .shouldBeRefused("'sideways' is no lane: inbound or outbound");
        Invocation.of("replay", "-i", capture, "--threads", "4").shouldBeRefused("1, 2 or 3");
        Invocation.of("check").shouldBeRefused("--config");
    }

    /** The same finding as of a file; see docs/adr/0002. */
    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "garbage that is no capture"})
    void shouldRefuseAStreamThatIsNoCaptureAsItRefusesAFile(String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Path garbage = Files.write(folder.resolve("garbage"), bytes);
        Invocation.of("replay", "-i", garbage.toString()).shouldBeRefused(garbage.toString());
        Invocation.withInput(bytes, "replay", "-i", "-").shouldBeRefused("standard input: ");
    }

    @Test
    void shouldFailForAStreamThatIsNoCaptureOnceFramesCameBeforeIt() {
        Invocation run =
                Invocation.withInput("garbage".getBytes(StandardCharsets.UTF_8), "replay", "-i", capture, "-i", "-");
        run.shouldHaveFailed("standard input: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay", "check", "run"})
    void shouldRefuseTablesThatDoNotFitTheHeap(String command) {
        StringBuilder limits = new StringBuilder("pairs: [{name: p, outside: nosuch0, inside: nosuch1}]\nlimits:\n");
        for (int i = 0; i < 64; i++) {
            limits.append("  - {name: l" + i + ", track: source, rate: 5 packets/s, table: {max: 16000000}}\n");
        }
        String policy = policy(limits.toString());
        Invocation run = command.equals("replay")
                ? Invocation.of(command, "-c", policy, "-i", capture)
                : Invocation.of(command, "-c", policy);
        run.shouldHaveNoStackTrace();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("do not fit into Java's heap", "lower limits[].table.max");
    }
}
