package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Rate;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a bucket holds, as policies write it: {@code 4000 packets}, {@code 1 Mbit}, {@code 64000 bytes}.
 *
 * @param unit packets or bits
 * @param amount at least 1
 */
record BurstText(Rate.Unit unit, long amount) {
    /** The largest burst that buckets keep exactly, in packets or bits: 2^48. */
    static final long MAX_AMOUNT = 1L << 48;

    private static final Map<String, BurstText> UNITS = units();

    static BurstText parse(String text) {
        Numbers.WithUnit parts = Numbers.withUnit(text, "a burst", "4000 packets or 1 Mbit");
        BurstText unit = UNITS.get(parts.unit());
        if (unit == null) {
            String near = Suggestion.didYouMean(parts.unit(), UNITS.keySet());
            throw new IllegalArgumentException("'" + parts.unit() + "' is not a unit of bursts"
                    + (near.isEmpty() ? "; known are " + String.join(", ", UNITS.keySet()) : near));
        }
        BigDecimal amount = parts.number().multiply(BigDecimal.valueOf(unit.amount));
        boolean inRange = amount.signum() > 0 && amount.compareTo(BigDecimal.valueOf(MAX_AMOUNT)) <= 0;
        if (!inRange || amount.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of "
                    + (unit.unit == Rate.Unit.PACKETS ? "packets" : "bits") + " from 1 to " + MAX_AMOUNT);
        }
        return new BurstText(unit.unit, amount.longValueExact());
    }

    private static Map<String, BurstText> units() {
        Map<String, BurstText> units = new LinkedHashMap<>();
        units.put("packets", new BurstText(Rate.Unit.PACKETS, 1));
        units.put("packet", new BurstText(Rate.Unit.PACKETS, 1));
        units.put("bit", new BurstText(Rate.Unit.BITS, 1));
        units.put("kbit", new BurstText(Rate.Unit.BITS, 1_000));
        units.put("Mbit", new BurstText(Rate.Unit.BITS, 1_000_000));
        units.put("Gbit", new BurstText(Rate.Unit.BITS, 1_000_000_000));
        units.put("bytes", new BurstText(Rate.Unit.BITS, 8));
        return units;
    }
}
