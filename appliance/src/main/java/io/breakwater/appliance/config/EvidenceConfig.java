package io.breakwater.appliance.config;

import java.nio.file.Path;

/**
 * Copies of dropped frames.
 *
 * @param directory where the files are
 * @param files at most so many; then the oldest goes
 * @param fileBytes when a file is closed and another begun
 * @param perReasonPerSecond copies of each reason a second at most
 */
public record EvidenceConfig(Path directory, int files, long fileBytes, int perReasonPerSecond) {}
