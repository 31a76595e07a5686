package io.breakwater.appliance.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where events are written.
 *
 * @param file one JSON line per event, or null
 * @param standardOutput whether they go to standard output instead
 * @param maxBytes when a file is closed and another begun
 * @param keep closed files that are kept
 */
public record EventsConfig(@Nullable Path file, boolean standardOutput, long maxBytes, int keep) {
    /** In memory only. */
    public static final EventsConfig NONE = new EventsConfig(null, false, EventsSection.MAX_BYTES, EventsSection.KEEP);
}
