package io.breakwater.appliance.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.breakwater.appliance.config.EventsConfig;
import io.breakwater.appliance.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();

    private static Event event(long id) {
        return new Event(id, Instant.EPOCH, EventKind.BLOCK, "x".repeat(100), Map.of());
    }

    private EventFile open(EventsConfig config) throws IOException {
        return Objects.requireNonNull(EventFile.open(config, standardOutput));
    }

    private static List<Long> ids(Path file) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            ids.add((Long) Objects.requireNonNull(JsonText.read(line).get("id")));
        }
        return ids;
    }

    @Test
    void shouldAppendToWhatIsThere() throws IOException, InterruptedException {
        Path file = directory.resolve("events.jsonl");
        for (long id = 1; id <= 2; id++) {
            EventFile events = open(new EventsConfig(file, false, 10_000, 5));
            events.accept(event(id));
            events.close();
        }
        assertThat(ids(file)).containsExactly(1L, 2L);
    }

    @Test
    void shouldBeginALineOfItsOwnAfterOneThatIsTorn() throws IOException, InterruptedException {
        Path file = directory.resolve("events.jsonl");
        String torn = "{\"id\":7,\"time\":\"2026-";
        Files.writeString(file, torn);
        for (long id = 1; id <= 2; id++) {
            EventFile events = open(new EventsConfig(file, false, 10_000, 5));
            events.accept(event(id));
            events.close();
        }

        assertThat(Files.readAllLines(file)).containsExactly(torn, event(1).toJson(), event(2).toJson());
    }

    @Test
    void shouldRotateBySizeAndKeepSoManyFiles() throws IOException, InterruptedException {
        Path file = directory.resolve("events.jsonl");
        EventFile events = open(new EventsConfig(file, false, 1_000, 2));
        for (long id = 1; id <= 40; id++) {
            events.accept(event(id));
        }
        events.close();

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("events.jsonl", "events.jsonl.1", "events.jsonl.2");
        }
        List<Long> all = new ArrayList<>(ids(directory.resolve("events.jsonl.2")));
        all.addAll(ids(directory.resolve("events.jsonl.1")));
        all.addAll(ids(file));
        assertThat(all).isSorted().endsWith(39L, 40L).doesNotHaveDuplicates();
        assertThat(Files.size(directory.resolve("events.jsonl.1"))).isBetween(700L, 1_000L);
        assertThat(events.lost()).isZero();
    }

    @Test
    void shouldCountWhatAFullDiskDoesNotTake() throws IOException, InterruptedException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        EventFile events = open(new EventsConfig(full, false, 1_000_000, 5));
        for (long id = 1; id <= 10; id++) {
            events.accept(event(id));
        }
        events.close();

        assertThat(events.lost()).isEqualTo(10);
    }

    @Test
    void shouldWriteToStandardOutput() throws IOException, InterruptedException {
        EventFile events = open(new EventsConfig(null, true, 1_000_000, 5));
        events.accept(event(1));
        events.close();

        assertThat(standardOutput.toString(StandardCharsets.UTF_8))
                .startsWith("{\"id\":1,")
                .endsWith("}\n");
    }

    @Test
    void shouldSayWhatToDoWhenTheFileCannotBeOpened() {
        EventsConfig config = new EventsConfig(directory.resolve("nowhere/events.jsonl"), false, 1_000, 5);

        assertThatThrownBy(() -> EventFile.open(config, standardOutput))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("create its directory");
    }
}
