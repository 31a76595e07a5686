package io.breakwater.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {
    @TempDir
    Path directory;

    private final StringWriter errors = new StringWriter();

    private int execute(String... arguments) {
        CommandLine command = BenchCommand.commandLine().setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                | a measurement is missing
            fast                              | fast
            replay --threads 4                | --threads must be 1, 2 or 3, not 4
            replay --runs 0                   | --runs must be 1 to 1000, not 0
            replay --frames -1                | --frames must be 1 or more, not -1
            replay --seconds 0                | --seconds must be 0.01 to 3600, not 0.0
            replay --warm-up 0                | --warm-up must be 0.01 to 3600, not 0.0
            replay --rate 0                   | --rate must be 1 to 1000000000 frames per second, not 0
            replay --rate 5 --recorded        | --rate and --recorded exclude each other
            replay --size 59                  | --size must be 60 to 1514 bytes, not 59
            replay --sources 0                | --sources must be 1 to 16777216, not 0
            replay --sources 2000000 --size 1514 | more than 1 GiB
            replay --traffic spam             | spam
            replay --vectors memcache         | no vector 'memcache'; there are: memcached
            replay --policy missing.yaml      | missing.yaml:1:1: file: does not exist
            replay -i missing.pcap            | missing.pcap
            replay -i -                       | give a file
            jmh -p threads                    | -p threads is not NAME=VALUES
            wire --workloads attack:59:1      | attack:59:1' is not MIX:BYTES:SOURCES
            wire --workloads 90/20:60:1       | 90/20:60:1' is not MIX:BYTES:SOURCES
            wire --workloads attack:60:0      | attack:60:0' is not MIX:BYTES:SOURCES
            wire --devices router             | no device 'router'; there are: direct, bridge
            wire --devices bridge --base direct | --base: direct is not among --devices
            wire --measures speed             | speed
            wire --rounds 0                   | --rounds must be 1 to 100, not 0
            wire --workloads attack:60:16777217 | 1 to 16777216 sources
            wire --rate 0                     | --rate must be 1 to 100000000 frames per second, not 0
            wire --seconds 0                  | --seconds must be 0.1 to 60, not 0.0
            wire --device-core -1             | --device-core must be 0 to 1023, not -1
            detect --rounds 51                | --rounds must be from 1 to 50
            admin-load --rounds 0             | --rounds must be from 1 to 100
            admin-load --scrapes 0            | --scrapes must be from 1 to 1000
            admin-load --streams 61           | --streams must be from 0 to 60
            admin-load --cores 3              | --cores must be 1 or 2
            admin-load --backend dpdk         | --backend must be pcap or xdp
            """)
    void shouldRefuseWrongArgumentsInOneLine(String line, String message) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

        int exitCode = execute(arguments);

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).startsWith("breakwater: ").contains(message);
        assertThat(errors.toString().lines()).hasSize(1);
    }

    @Test
    void shouldReportWhatItMeasured() throws IOException {
        Path report = directory.resolve("report.json");
        Path log = directory.resolve("latency.hlog");

        int exitCode = execute(
                "replay",
                "--frames",
                "20000",
                "--runs",
                "2",
                "--warm-up",
                "0.01",
                "--threads",
                "1",
                "--policy",
                "default",
                "--policy",
                "memcached-only",
                "--report",
                report.toString(),
                "--hlog",
                log.toString());

        assertThat(exitCode).as(errors.toString()).isZero();
        assertThat(fieldsOf(report))
                .contains("bench", "machine", "cores", "kernel", "jdk", "traffic", "threads", "policy")
                .contains("frames_per_s", "ns_per_frame", "cpu_ns_per_frame", "bytes_per_frame", "latency_ns")
                .contains("p50", "p99", "p999", "max", "compared_with", "cost_ratio")
                .contains("stalls_over_2_ms", "data_path", "idle_thread", "jvm_pauses");
        assertThat(numbers(report, "frames")).containsExactly(40_000L, 40_000L);
        assertThat(Files.readString(log)).contains("Tag=default", "Tag=memcached-only");
    }

    @Test
    void shouldKeepARate() throws IOException {
        Path report = directory.resolve("report.json");
        Path distribution = directory.resolve("latency.hgrm");
        Path page = directory.resolve("report.html");

        int exitCode = execute(
                "replay",
                "--rate",
                "20000",
                "--seconds",
                "1",
                "--runs",
                "1",
                "--warm-up",
                "0.01",
                "--threads",
                "1",
                "--report",
                report.toString(),
                "--hgrm",
                distribution.toString(),
                "--html",
                page.toString());

        assertThat(exitCode).as(errors.toString()).isZero();
        assertThat(numbers(report, "frames_per_s"))
                .singleElement()
                .satisfies(rate -> assertThat(rate).isBetween(10_000L, 20_500L));
        assertThat(Files.readString(distribution)).contains("Percentile", "TotalCount");
        assertThat(Files.readString(page)).contains("data:image/png;base64,");
    }

    @Test
    void shouldDropTheAttackHalfOfAMix() throws IOException {
        Path report = directory.resolve("report.json");

        int exitCode = execute(
                "replay",
                "--frames",
                "65536",
                "--runs",
                "1",
                "--warm-up",
                "0.01",
                "--threads",
                "1",
                "--policy",
                "memcached-only",
                "--report",
                report.toString());

        assertThat(exitCode).as(errors.toString()).isZero();
        assertThat(numbers(report, "dropped")).containsExactly(32_768L);
        assertThat(numbers(report, "forwarded")).containsExactly(32_768L);
    }

    @Test
    void shouldSayWhereAReportCannotBeWritten() {
        String report = directory.resolve("missing").resolve("report.json").toString();

        int exitCode = execute("replay", "--frames", "1", "--runs", "1", "--warm-up", "0.01", "--report", report);

        assertThat(exitCode).isEqualTo(1);
        assertThat(errors.toString()).contains(report, "choose another place");
        assertThat(errors.toString().lines()).hasSize(1);
    }

    private static List<String> fieldsOf(Path json) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    names.add(parser.currentName());
                }
            }
        }
        return names;
    }

    private static List<Long> numbers(Path json, String field) throws IOException {
        List<Long> values = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && field.equals(parser.currentName())) {
                    values.add(parser.getLongValue());
                }
            }
        }
        return values;
    }
}
