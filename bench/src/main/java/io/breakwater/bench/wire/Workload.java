package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import java.util.List;
import java.util.Locale;

/**
 * One kind of traffic to measure with. Legitimate frames come from at least 64 addresses: one alone would rightly be
 * limited.
 *
 * @param mix of attack and legitimate frames
 * @param sizeBytes of each, without frame check sequence
 * @param sources different addresses of each kind, a power of two
 */
record Workload(Mix mix, int sizeBytes, int sources) {
    static final int MIN_BYTES = 60;
    static final int MAX_BYTES = 1_514;
    static final int MAX_SOURCES = 1 << 24;

    /** How it is written on the command line and in reports: {@code 90/10:60:65536}. */
    String name() {
        return mix.label() + ":" + sizeBytes + ":" + sources;
    }

    /** For people. */
    String label() {
        return String.format(
                Locale.ROOT, "%s, %,d bytes, %s", mix.label(), sizeBytes, sources == 1 ? "1 source" : text(sources));
    }

    private static String text(int sources) {
        if (sources >= 1 << 20) {
            return (sources >> 20) + " M sources";
        }
        return sources >= 1 << 10 ? (sources >> 10) + " k sources" : sources + " sources";
    }

    /** What a run measures if nothing else is said: each mix, size and number of sources, but not all combinations. */
    static List<Workload> standard() {
        return List.of(
                new Workload(Mix.LEGITIMATE, 60, 1 << 16),
                new Workload(Mix.LEGITIMATE, 1_400, 1 << 16),
                new Workload(Mix.MOSTLY_ATTACK, 512, 1 << 16),
                new Workload(Mix.MOSTLY_ATTACK, 60, 1 << 20),
                new Workload(Mix.ATTACK, 60, 1),
                new Workload(Mix.ATTACK, 60, 1 << 16),
                new Workload(Mix.ATTACK, 1_400, 1 << 16));
    }

    /** The shortest that says something. */
    static List<Workload> quick() {
        return List.of(
                new Workload(Mix.LEGITIMATE, 60, 1 << 16),
                new Workload(Mix.LEGITIMATE, 1_400, 1 << 16),
                new Workload(Mix.ATTACK, 60, 1 << 16));
    }

    /**
     * Reads {@code mix:bytes:sources}; mix is attack, legitimate or {@code 90/10}.
     *
     * @throws CommandFailure (usage) if it is not that
     */
    static Workload parse(String text) {
        String[] parts = text.split(":", -1);
        try {
            if (parts.length == 3) {
                return new Workload(
                        mix(parts[0]),
                        within(Integer.parseInt(parts[1]), MIN_BYTES, MAX_BYTES),
                        powerOfTwo(within(Integer.parseInt(parts[2]), 1, MAX_SOURCES)));
            }
        } catch (IllegalArgumentException e) {
            throw refused(text);
        }
        throw refused(text);
    }

    private static Mix mix(String text) {
        return switch (text) {
            case "attack" -> Mix.ATTACK;
            case "legitimate" -> Mix.LEGITIMATE;
            default -> {
                String[] parts = text.split("/", -1);
                int attack = within(Integer.parseInt(parts[0]), 0, 100);
                if (parts.length != 2 || Integer.parseInt(parts[1]) != 100 - attack) {
                    throw new IllegalArgumentException(text);
                }
                yield new Mix(attack * 10);
            }
        };
    }

    private static int within(int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(String.valueOf(value));
        }
        return value;
    }

    private static int powerOfTwo(int value) {
        return Integer.highestOneBit(value - 1) * 2 + (value == 1 ? 1 : 0);
    }

    private static CommandFailure refused(String text) {
        return CommandFailure.usage("--workloads: '" + text + "' is not MIX:BYTES:SOURCES, such as 90/10:60:65536"
                + " (attack, legitimate or percents; 60 to 1514 bytes; 1 to 16777216 sources)");
    }
}
