package io.breakwater.appliance.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code events}: where events are written. */
final class EventsSection {
    static final long MAX_BYTES = 10_000_000;
    static final int KEEP = 5;

    private static final String STANDARD_OUTPUT = "stdout";

    static final List<Key> KEYS = List.of(
            new Key(
                    "events",
                    "mapping",
                    "in memory only",
                    "Where events (attacks, holds, reloads, ports, blocks, overload, errors; each minute what was counted) are written, one JSON object a"
                            + " line. The newest 1,000 are in memory in any case, for `breakwater events` and the API. A flood"
                            + " of one kind is cut to 10 a second; `suppressed` says how many were left out. Changes wait for"
                            + " the next start.",
                    "events: {file: /var/log/breakwater/events.jsonl, max-size: 10 MB, keep: 5}"),
            new Key(
                    "events.file",
                    "whole path, or `stdout`",
                    "none",
                    "The file; its directory must exist. With `stdout` events go to standard output, which systemd hands to"
                            + " journald: `journalctl -u breakwater -o cat | grep '^{'`. A full disk is counted and said once;"
                            + " it stops nothing.",
                    "events: {file: stdout}"),
            new Key(
                    "events.max-size",
                    "size from 10 kB to 10 GB",
                    "`10 MB`",
                    "When the file is renamed to `file.1` (and `file.1` to `file.2` …) and another begun.",
                    "events: {file: /var/log/breakwater/events.jsonl, max-size: 100 MB}"),
            new Key(
                    "events.keep",
                    "number from 0 to 1000",
                    "`" + KEEP + "`",
                    "How many renamed files are kept.",
                    "events: {file: /var/log/breakwater/events.jsonl, keep: 20}"));

    private EventsSection() {}

    static EventsConfig read(@Nullable Field field) {
        Section section = field == null ? null : field.section();
        if (section == null) {
            return EventsConfig.NONE;
        }
        Field file = section.require("file");
        Field size = section.get("max-size");
        Field keep = section.get("keep");
        boolean standardOutput = file != null && file.isWord(STANDARD_OUTPUT);
        Path path = file == null || standardOutput ? null : file.read("a whole path, or stdout", PathText::parse);
        Long maxBytes = size == null
                ? null
                : size.read("a size such as 10 MB", text -> SizeText.parseBytes(text, "10 kB", "10 GB"));
        Long kept = keep == null ? null : keep.integer(0, 1_000);
        return new EventsConfig(
                path, standardOutput, maxBytes == null ? MAX_BYTES : maxBytes, kept == null ? KEEP : kept.intValue());
    }
}
