package io.breakwater.appliance.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Durations as policies write them: {@code 500ms}, {@code 10s}, {@code 5min}, {@code 1h}, {@code 1day}. */
public final class DurationText {
    /** A year: longer ones are mistakes. */
    static final long MAX_NS = 366L * 86_400 * 1_000_000_000;

    private static final Map<String, Long> UNITS_NS = units();

    private DurationText() {}

    /**
     * Nanoseconds, from 0 to a year.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static long parseNs(String text) {
        Numbers.WithUnit parts = Numbers.withUnit(text, "a duration", "10s or 500ms");
        Long unit = UNITS_NS.get(parts.unit());
        if (unit == null) {
            String near = parts.unit().equals("m")
                    ? "; did you mean 'min'?"
                    : Suggestion.didYouMean(parts.unit(), UNITS_NS.keySet());
            throw new IllegalArgumentException("'" + parts.unit() + "' is not a unit of time"
                    + (near.isEmpty() ? "; known are " + String.join(", ", UNITS_NS.keySet()) : near));
        }
        BigDecimal ns = parts.number().multiply(BigDecimal.valueOf(unit));
        if (ns.compareTo(BigDecimal.valueOf(MAX_NS)) > 0
                || ns.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("'" + text + "' is not a duration from 0s to 366day");
        }
        return ns.longValueExact();
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("ms", 1_000_000L);
        units.put("s", 1_000_000_000L);
        units.put("min", 60_000_000_000L);
        units.put("h", 3_600_000_000_000L);
        units.put("day", 86_400_000_000_000L);
        return units;
    }
}
