package io.breakwater.appliance.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Frames and their bytes (layer 2, without frame check sequence). */
record Amount(long frames, long bytes) {
    static final Amount NONE = new Amount(0, 0);

    static Amount of(Fields fields) {
        return new Amount(fields.number("frames"), fields.number("bytes"));
    }

    Amount plus(Amount other) {
        return new Amount(sum(frames, other.frames), sum(bytes, other.bytes));
    }

    Amount minus(Amount other) {
        return new Amount(frames - other.frames, bytes - other.bytes);
    }

    boolean isNegative() {
        return frames < 0 || bytes < 0;
    }

    /** A sum that stays at the largest number rather than wrap round, whatever a log claims. */
    static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("frames", frames);
        map.put("bytes", bytes);
        return map;
    }
}
