package io.breakwater.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.config.EventsConfig;
import io.breakwater.appliance.events.Event;
import io.breakwater.appliance.events.EventFile;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.json.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCommandTest {
    @TempDir
    Path directory;

    private Path log = Path.of("");
    private Path page = Path.of("");

    @BeforeEach
    void name() {
        log = directory.resolve("events.jsonl");
        page = directory.resolve("page.html");
    }

    private static String start(String time) {
        return "{\"id\":1,\"time\":\"" + time
                + "\",\"event\":\"start\",\"severity\":\"info\",\"message\":\"forwarding\"}";
    }

    private static String attack(String kind, String time, String vector, String target, long packets) {
        return ("{'id':2,'time':'%s','event':'%s','severity':'info','message':'m','pair':'uplink','vector':'%s','target':'%s',"
                        + "'started':'2026-11-20T10:00:00Z','seconds':1.5,'packets_per_s':%d,'bits_per_s':%d,"
                        + "'peak_packets_per_s':%d,'peak_bits_per_s':%d,'packets':%d,'bytes':%d,'sources':3,"
                        + "'reflectors':[{'address':'198.18.66.1','packets':%d},{'address':'2001:db8:66::9','packets':2}]}")
                .replace('\'', '"')
                .formatted(
                        time, kind, vector, target, 10, 80, packets, packets * 8, packets, packets * 100, packets - 2);
    }

    /** Totals of a run that began at 10:00:00, with so many frames received, of which so many were dropped. */
    private static String totals(String time, long received, long dropped) {
        return ("{'id':3,'time':'%s','event':'totals','severity':'info','message':'m','pair':'uplink',"
                        + "'since':'2026-11-20T10:00:00Z','lanes':{'inbound':{'received':{'frames':%d,'bytes':%d},"
                        + "'forwarded':{'frames':%d,'bytes':0},'dropped':{'frames':%d,'bytes':7},"
                        + "'reasons':{'reflection:memcached':{'frames':%d,'bytes':7}},'would_drop':{}},"
                        + "'outbound':{'received':{'frames':0,'bytes':0},'forwarded':{'frames':0,'bytes':0},"
                        + "'dropped':{'frames':0,'bytes':0},'reasons':{},'would_drop':{}}},'kernel_drops':0}")
                .replace('\'', '"')
                .formatted(time, received, received * 100, received - dropped, dropped, dropped);
    }

    private void write(Path file, String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private Map<String, @Nullable Object> json(String... more) {
        List<String> args = new ArrayList<>(List.of("report", "--json", "--events", log.toString()));
        args.addAll(List.of(more));
        return JsonText.read(
                Invocation.of(args.toArray(String[]::new)).shouldBeDone().out());
    }

    @Test
    void shouldCountAnAttackOnceWithWhatWasToldLastOfIt() throws IOException {
        write(
                log,
                start("2026-11-20T10:00:00Z"),
                attack("attack-start", "2026-11-20T10:00:01Z", "memcached", "203.0.113.7", 100),
                attack("attack-update", "2026-11-20T10:00:11Z", "memcached", "203.0.113.7", 900),
                attack("attack-end", "2026-11-20T10:00:21Z", "memcached", "203.0.113.7", 1_000),
                attack("attack-start", "2026-11-21T10:00:00Z", "ntp", "203.0.113.8", 50));

        Map<String, @Nullable Object> report = json();

        assertThat(report)
                .containsEntry("attacks", 2L)
                .containsEntry("attacks_not_ended", 1L)
                .containsEntry("victims", 2L);
        Map<String, @Nullable Object> memcached =
                Plain.maps(report.get("vectors")).getFirst();
        assertThat(memcached)
                .containsEntry("name", "memcached")
                .containsEntry("attacks", 1L)
                .containsEntry("packets", 1_000L)
                .containsEntry("bytes", 100_000L)
                .containsEntry("peak_bits_per_s", 8_000L);
        assertThat(Plain.maps(report.get("top_reflector_networks")))
                .extracting(network -> network.get("name") + " " + network.get("packets"))
                .containsExactly("198.18.66.0/24 1046", "2001:db8:66::/48 4");
        assertThat(Plain.maps(report.get("days")))
                .extracting(day -> day.get("day"))
                .containsExactly("2026-11-20", "2026-11-21");
    }

    @Test
    void shouldTellOfThePeriodOnly() throws IOException {
        write(
                log,
                start("2026-11-20T10:00:00Z"),
                totals("2026-11-20T10:01:00Z", 100, 10),
                attack("attack-start", "2026-11-20T10:01:30Z", "dns", "203.0.113.7", 100),
                totals("2026-11-20T10:02:00Z", 300, 40),
                attack("attack-end", "2026-11-20T10:02:30Z", "dns", "203.0.113.7", 700),
                totals("2026-11-20T10:03:00Z", 700, 70),
                totals("2026-11-20T10:04:00Z", 1_000, 71));

        Map<String, @Nullable Object> all = json();
        Map<String, @Nullable Object> some = json("--from", "2026-11-20T10:02:00Z", "--to", "2026-11-20T10:03:00");

        assertThat(inbound(all, "received")).isEqualTo(1_000);
        assertThat(inbound(all, "dropped")).isEqualTo(71);
        assertThat(inbound(some, "received")).isEqualTo(400);
        assertThat(inbound(some, "dropped")).isEqualTo(30);
        assertThat(Plain.maps(some.get("vectors")).getFirst()).containsEntry("packets", 600L);
        assertThat(json("--from", "2026-11-20", "--to", "2026-11-20").get("lines"))
                .isEqualTo(7L);
        assertThat(inbound(json("--from", "2026-11-20", "--to", "2026-11-20"), "received"))
                .isEqualTo(1_000);
    }

    private static long inbound(Map<String, @Nullable Object> report, String what) {
        Map<String, @Nullable Object> pair = Plain.maps(report.get("pairs")).getFirst();
        Map<String, @Nullable Object> lane =
                Plain.map(Plain.map(pair.get("lanes")).get("inbound"));
        return Plain.number(Plain.map(lane.get(what)).get("frames"));
    }

    @Test
    void shouldReadWhatWasRotatedAwayFromTheOldestOn() throws IOException {
        write(log, totals("2026-11-20T10:03:00Z", 900, 90));
        write(directory.resolve("events.jsonl.1"), totals("2026-11-20T10:02:00Z", 500, 50));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("events.jsonl.2.gz")))) {
            out.write((totals("2026-11-20T10:01:00Z", 300, 30) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Map<String, @Nullable Object> report =
                json("--events", directory.resolve("events.jsonl.1").toString());
        assertThat(report).containsEntry("files", 3L).containsEntry("lines", 3L);
        assertThat(inbound(report, "received")).isEqualTo(900);
    }

    @Test
    void shouldSayFromWhenOnFramesAreCountedIfTheLogBeginsLater() throws IOException {
        write(log, totals("2026-11-20T11:00:00Z", 5_000, 500), totals("2026-11-20T11:01:00Z", 5_100, 501));
        Map<String, @Nullable Object> report = json();
        assertThat(inbound(report, "received")).isEqualTo(100);
        assertThat(String.valueOf(report.get("notes"))).contains("counted from 2026-11-20T11:00:00Z");
    }

    @Test
    void shouldCountARunAfterARestartFromItsBeginning() throws IOException {
        write(
                log,
                totals("2026-11-20T10:01:00Z", 300, 30),
                totals("2026-11-20T12:30:00Z", 20, 2).replace("\"2026-11-20T10:00:00Z\"", "\"2026-11-20T12:29:30Z\""));
        assertThat(inbound(json(), "received")).isEqualTo(320);
    }

    @Test
    void shouldLeaveOutWhatIsNoEventAndSayWhereOnce() throws IOException {
        write(
                log,
                start("2026-11-20T10:00:00Z"),
                "breakwater: forwarding",
                attack("attack-start", "2026-11-20T10:00:01Z", "dns", "203.0.113.7", 5)
                        .replace("198.18.66.1", "a.example"),
                "{\"event\":\"attack-end\",\"time\":\"yesterday\"}",
                "{\"event\":\"stop\",\"time\":\"2026-11-20T11:00:00Z\"}",
                "x".repeat(3 << 20),
                "[".repeat(10_000),
                "{\"id\":9,\"time\":\"2026-");

        Invocation done = Invocation.of("report", "--events", log.toString(), "--json");

        assertThat(done.exitCode()).isZero();
        done.shouldHaveNoStackTrace();
        assertThat(done.errLines()).singleElement().asString().contains(log + ":2: ", "and 5 more");
        assertThat(JsonText.read(done.out()))
                .containsEntry("lines_left_out", 6L)
                .containsEntry("attacks", 0L);
    }

    @Test
    void shouldReadTheStartOfARunAfterALineThatALossOfPowerTore() throws IOException, InterruptedException {
        Files.writeString(log, start("2026-11-20T10:00:00Z") + "\n{\"id\":9,\"time\":\"2026-");
        EventFile file = Objects.requireNonNull(
                EventFile.open(new EventsConfig(log, false, 1_000_000, 5), OutputStream.nullOutputStream()));
        file.accept(new Event(1, Instant.parse("2026-11-20T11:00:00Z"), EventKind.START, "forwarding", Map.of()));
        file.close();

        Invocation done = Invocation.of("report", "--events", log.toString(), "--json");
        assertThat(done.errLines()).singleElement().asString().contains(log + ":2: ");
        assertThat(JsonText.read(done.out()))
                .containsEntry("lines_left_out", 1L)
                .containsEntry("last_event", "2026-11-20T11:00:00Z")
                .containsEntry("events", Map.of("start", 2L));
    }

    @Test
    void shouldRefuseTotalsThatGoBack() throws IOException {
        write(log, totals("2026-11-20T10:01:00Z", 300, 30), totals("2026-11-20T10:02:00Z", 200, 30));
        Invocation done = Invocation.of("report", "--events", log.toString());
        assertThat(done.errLines()).singleElement().asString().contains(":2: totals went back");
    }

    @Test
    void shouldMakeAPageThatNeedsNothingElseAndTakesNoTextForMarkup() throws IOException {
        String hostile = "<img src=x onerror=alert(1)>";
        write(
                log,
                start("2026-11-20T10:00:00Z"),
                attack("attack-start", "2026-11-20T10:00:01Z", hostile, "203.0.113.7", 100),
                attack("attack-end", "2026-11-20T10:00:21Z", "ntp", "\\u202e'&<b>", 1_000),
                totals("2026-11-20T10:01:00Z", 300, 30));

        Invocation.of("report", "--events", log.toString(), "-o", page.toString())
                .shouldBeDone();

        String html = Files.readString(page);
        assertThat(html)
                .contains("&lt;img src=x onerror=alert(1)&gt;", " &#39;&amp;&lt;b&gt;", "data:image/png;base64,")
                .contains("<caption>Frames dropped, by reason</caption>", "reflection:memcached")
                .doesNotContain("<img src=x", "<b>&", "\u202e", "http:", "https:", "<script", "<link");
    }

    @Test
    void shouldMakeAPageOfASingleAttackFromASingleNetwork() throws IOException {
        write(
                log,
                attack("attack-start", "2026-11-20T10:00:01Z", "dns", "203.0.113.7", 5)
                        .replace("2001:db8:66::9", "198.18.66.9"));
        Invocation.of("report", "--events", log.toString(), "-o", page.toString())
                .shouldBeDone();
        assertThat(page).content().contains("Reflector networks by packets", "Victims by attack packets");
    }

    @Test
    void shouldMakeAPageThatSaysSoIfThereIsNothingToTell() throws IOException {
        write(log, start("2026-11-20T10:00:00Z"));
        Invocation done = Invocation.of(
                        "report", "--events", log.toString(), "--from", "2026-12-01", "-o", page.toString())
                .shouldBeDone();
        assertThat(done.out()).contains("tells nothing of this period");
        assertThat(page).content().contains("The log tells nothing of this period.");
        Files.writeString(log, "");
        Invocation.of("report", "--events", log.toString()).shouldBeDone();
    }

    @Test
    void shouldReadStandardInput() {
        Invocation done = Invocation.withInput(
                (start("2026-11-20T10:00:00Z") + "\n").getBytes(StandardCharsets.UTF_8),
                "report",
                "--events",
                "-",
                "--json");
        assertThat(JsonText.read(done.shouldBeDone().out())).containsEntry("lines", 1L);
    }

    @Test
    void shouldNotWriteOverALogNorOneThatWasRotatedAway() throws IOException {
        write(log, start("2026-11-20T10:00:00Z"));
        write(directory.resolve("events.jsonl.1"), start("2026-11-20T09:00:00Z"));
        Files.createSymbolicLink(page, directory.resolve("events.jsonl.1"));
        Invocation.of("report", "--events", log.toString(), "-o", log.toString())
                .shouldBeRefused("the same file as");
        Invocation.of("report", "--events", log.toString(), "-o", page.toString())
                .shouldBeRefused("events.jsonl.1");
        assertThat(log).content().startsWith("{\"id\":1");
    }

    @Test
    void shouldRefuseWhatCannotBeRead() {
        Invocation.of("report", "--events", log.toString()).shouldBeRefused(log.toString(), "no such file");
        Invocation.of("report", "--events", directory.toString()).shouldBeRefused("cannot be read");
    }

    @Test
    void shouldTellWhatItReadOfADamagedFileAndFail() throws IOException {
        Path packed = directory.resolve("packed.1.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write((start("2026-11-20T10:00:00Z") + "\n").repeat(3_000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = Files.readAllBytes(packed);
        Files.write(packed, java.util.Arrays.copyOf(whole, whole.length - 10));
        Invocation done = Invocation.of("report", "--events", packed.toString(), "--json");
        done.shouldHaveFailed("cannot be read any further", "what was read is reported");
        assertThat(JsonText.read(done.out())).containsEntry("files", 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "2026-13-01", "2026-11-22T25:00", "12 parsec"})
    void shouldRefuseWhatIsNoTime(String text) throws IOException {
        write(log, start("2026-11-20T10:00:00Z"));
        Invocation.of("report", "--events", log.toString(), "--from", text).shouldBeRefused("'");
    }

    @Test
    void shouldRefuseAnEmptyPeriod() {
        Invocation.of("report", "--events", log.toString(), "--from", "2026-11-22", "--to", "2026-11-20")
                .shouldBeRefused("is empty");
    }
}
