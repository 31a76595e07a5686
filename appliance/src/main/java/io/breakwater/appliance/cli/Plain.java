package io.breakwater.appliance.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes answers apart for people; what is not as expected becomes empty, never an error. */
final class Plain {
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Plain() {}

    /** Without control characters, which could take over a terminal. */
    static String text(@Nullable Object value) {
        StringBuilder plain = new StringBuilder();
        String.valueOf(value).codePoints().forEach(c -> plain.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return plain.toString();
    }

    static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    static List<Map<String, @Nullable Object>> maps(@Nullable Object value) {
        return value instanceof List<?> list ? list.stream().map(Plain::map).toList() : List.of();
    }

    /** {@code 12.3 MB}. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1_000 && unit < SIZES.length - 1) {
            amount /= 1_000;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, SIZES[unit]);
    }

    /** {@code 12,345}. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 1 h 2 min}, {@code 3 min 4 s}, {@code 5 s}. */
    static String seconds(long seconds) {
        long minutes = seconds / 60;
        if (minutes == 0) {
            return seconds + " s";
        }
        return minutes < 60 ? minutes + " min " + seconds % 60 + " s" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
