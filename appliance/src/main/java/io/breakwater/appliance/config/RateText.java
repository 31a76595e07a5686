package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Rate;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Rates as policies write them: {@code 2000 packets/s}, {@code 20 Mbit/s}. Exact: what cannot be said in whole packets or
 * bits of its unit is refused, not rounded. Prefixes are decimal (k = 1,000).
 */
public final class RateText {
    /** The fastest packet rate, each second. */
    public static final long MAX_PACKETS_PER_SECOND = 100_000_000L;

    /** The fastest bit rate, each second. */
    public static final long MAX_BITS_PER_SECOND = 1_000_000_000_000L;

    private static final long MINUTE_NS = 60 * Rate.SECOND_NS;
    private static final long HOUR_NS = 60 * MINUTE_NS;
    private static final long DAY_NS = 24 * HOUR_NS;
    private static final String EXAMPLE = "2000 packets/s or 20 Mbit/s";

    private static final Map<String, Rate> UNITS = units();

    private static final Map<String, String> OTHER_WORDS = Map.of(
            "pps", "packets/s",
            "bps", "bit/s",
            "kbps", "kbit/s",
            "mbps", "Mbit/s",
            "gbps", "Gbit/s",
            "packets/second", "packets/s",
            "packets/minute", "packets/min",
            "packets/m", "packets/min",
            "packets/hour", "packets/h",
            "packets/d", "packets/day");

    private RateText() {}

    /**
     * Reads a rate from 1 packet/day to 100 M packets/s, or from 1 bit/s to 1 Tbit/s.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static Rate parse(String text) {
        Numbers.WithUnit parts = Numbers.withUnit(text, "a rate", EXAMPLE);
        Rate unit = UNITS.get(
                parts.unit().startsWith("packet/") ? "packets/" + parts.unit().substring(7) : parts.unit());
        if (unit == null) {
            throw new IllegalArgumentException(
                    "'" + parts.unit() + "' is not a unit of rates" + suggestion(parts.unit()));
        }
        BigDecimal amount = parts.number().multiply(BigDecimal.valueOf(unit.amount()));
        if (amount.signum() == 0) {
            throw new IllegalArgumentException("a rate is at least 1 per day; to drop everything, do not use a limit");
        }
        checkMaximum(text, amount, unit);
        if (amount.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of "
                    + (unit.unit() == Rate.Unit.PACKETS ? "packets; use a longer unit, such as packets/min" : "bits"));
        }
        return new Rate(unit.unit(), amount.longValueExact(), unit.periodNs());
    }

    /** The shortest text that {@link #parse} reads as the same rate. */
    public static String format(Rate rate) {
        String best = "";
        for (Map.Entry<String, Rate> entry : UNITS.entrySet()) {
            Rate unit = entry.getValue();
            boolean fits = unit.unit() == rate.unit()
                    && unit.periodNs() == rate.periodNs()
                    && rate.amount() % unit.amount() == 0;
            if (fits) {
                best = rate.amount() / unit.amount() + " " + entry.getKey();
            }
        }
        return best;
    }

    private static void checkMaximum(String text, BigDecimal amount, Rate unit) {
        boolean packets = unit.unit() == Rate.Unit.PACKETS;
        long perSecond = packets ? MAX_PACKETS_PER_SECOND : MAX_BITS_PER_SECOND;
        BigDecimal most = BigDecimal.valueOf(perSecond).multiply(BigDecimal.valueOf(unit.periodNs() / Rate.SECOND_NS));
        if (amount.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is above the highest rate, " + (packets ? "100_000_000 packets/s" : "1000 Gbit/s"));
        }
    }

    private static String suggestion(String unit) {
        String other = OTHER_WORDS.get(unit.toLowerCase(Locale.ROOT));
        if (other != null) {
            return "; did you mean '" + other + "'?";
        }
        String near = Suggestion.didYouMean(unit, UNITS.keySet());
        return near.isEmpty() ? "; known are " + String.join(", ", UNITS.keySet()) : near;
    }

    private static Map<String, Rate> units() {
        Map<String, Rate> units = new LinkedHashMap<>();
        units.put("packets/s", new Rate(Rate.Unit.PACKETS, 1, Rate.SECOND_NS));
        units.put("packets/min", new Rate(Rate.Unit.PACKETS, 1, MINUTE_NS));
        units.put("packets/h", new Rate(Rate.Unit.PACKETS, 1, HOUR_NS));
        units.put("packets/day", new Rate(Rate.Unit.PACKETS, 1, DAY_NS));
        units.put("bit/s", new Rate(Rate.Unit.BITS, 1, Rate.SECOND_NS));
        units.put("kbit/s", new Rate(Rate.Unit.BITS, 1_000, Rate.SECOND_NS));
        units.put("Mbit/s", new Rate(Rate.Unit.BITS, 1_000_000, Rate.SECOND_NS));
        units.put("Gbit/s", new Rate(Rate.Unit.BITS, 1_000_000_000, Rate.SECOND_NS));
        return units;
    }
}
