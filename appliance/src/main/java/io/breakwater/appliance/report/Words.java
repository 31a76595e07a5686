package io.breakwater.appliance.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, moments and names of a log in words for people. */
final class Words {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Words() {}

    /** {@code 12,345}. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 98.7 Mbit/s}. */
    static String bits(long perSecond) {
        return scaled(perSecond, "bit/s");
    }

    /** {@code 12.3 MB}. */
    static String bytes(long bytes) {
        return scaled(bytes, "B");
    }

    private static String scaled(long value, String unit) {
        double amount = value;
        int prefix = 0;
        while (amount >= 1_000) {
            amount /= 1_000;
            prefix++;
        }
        return prefix == 0
                ? value + " " + unit
                : String.format(Locale.ROOT, "%.1f %s%s", amount, PREFIXES[prefix], unit);
    }

    /** {@code 1 h 2 min}, {@code 3 min 4 s}, {@code 5.6 s}. */
    static String duration(double seconds) {
        long whole = (long) seconds;
        if (whole < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < 3_600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3_600 + " h " + whole % 3_600 / 60 + " min";
    }

    /** {@code 2026-11-22 18:00:00}, UTC. */
    static String moment(Instant time) {
        return MOMENT.format(time.atOffset(ZoneOffset.UTC));
    }

    /** A name from a log without what could move, hide or overwrite other text; both operators and attackers choose some. */
    static String plain(@Nullable String name) {
        StringBuilder plain = new StringBuilder();
        String.valueOf(name).codePoints().forEach(c -> {
            boolean visible = switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> false;
                default -> true;
            };
            plain.appendCodePoint(visible ? c : ' ');
        });
        return plain.toString();
    }
}
