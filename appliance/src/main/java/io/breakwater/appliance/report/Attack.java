package io.breakwater.appliance.report;

import java.time.Instant;
import java.util.List;

/**
 * What one attack did in the period.
 *
 * @param started its first frame, before the period perhaps
 * @param lastTold when it was last heard of
 * @param over whether its end was told
 * @param peakPacketsPerSecond the highest told
 * @param peakBitsPerSecond the highest told, which may be of another second
 * @param packets in the period, as far as told
 * @param sources about so many, since it started
 * @param reflectors the heaviest, with what they sent at least
 */
record Attack(
        String pair,
        String vector,
        String target,
        Instant started,
        Instant lastTold,
        boolean over,
        double seconds,
        long peakPacketsPerSecond,
        long peakBitsPerSecond,
        long packets,
        long bytes,
        long sources,
        List<Reflector> reflectors) {
    /** One source of it. */
    record Reflector(String address, long packets) {}
}
