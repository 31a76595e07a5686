package io.breakwater.appliance.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sizes of files as policies write them: {@code 10 MB}, {@code 512 KiB}. */
final class SizeText {
    private static final Map<String, Long> UNITS = units();

    private SizeText() {}

    /** Bytes, within bounds that a message names as the texts given. */
    static long parseBytes(String text, String least, String most) {
        long bytes = bytes(text);
        if (bytes < bytes(least) || bytes > bytes(most)) {
            throw new IllegalArgumentException("'" + text + "' is not a size from " + least + " to " + most);
        }
        return bytes;
    }

    private static long bytes(String text) {
        Numbers.WithUnit parts = Numbers.withUnit(text, "a size", "10 MB or 512 KiB");
        Long unit = UNITS.get(parts.unit());
        if (unit == null) {
            String near = Suggestion.didYouMean(parts.unit(), UNITS.keySet());
            throw new IllegalArgumentException("'" + parts.unit() + "' is not a unit of size"
                    + (near.isEmpty() ? "; known are " + String.join(", ", UNITS.keySet()) : near));
        }
        BigDecimal bytes = parts.number().multiply(BigDecimal.valueOf(unit));
        return bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("kB", 1_000L);
        units.put("MB", 1_000_000L);
        units.put("GB", 1_000_000_000L);
        units.put("KiB", 1L << 10);
        units.put("MiB", 1L << 20);
        units.put("GiB", 1L << 30);
        return units;
    }
}
