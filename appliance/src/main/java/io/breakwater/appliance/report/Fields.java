package io.breakwater.appliance.report;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object that must hold what is asked for; an {@link IllegalArgumentException} says what it does not. */
final class Fields {
    /** No name, address or moment is longer. */
    private static final int MAX_TEXT = 200;

    /** No counter gets there in a box's life: 10^15, which a double holds exactly. */
    private static final long MAX_NUMBER = 1_000_000_000_000_000L;

    private final Map<String, @Nullable Object> map;

    Fields(Map<String, @Nullable Object> map) {
        this.map = map;
    }

    String text(String name) {
        if (map.get(name) instanceof String text && !text.isEmpty() && text.length() <= MAX_TEXT) {
            return text;
        }
        throw new IllegalArgumentException("'" + name + "' is no text of 1 to " + MAX_TEXT + " characters");
    }

    long number(String name) {
        return (long) decimal(name);
    }

    double decimal(String name) {
        if (map.get(name) instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= MAX_NUMBER) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("'" + name + "' is no number from 0 to 10^15");
    }

    Instant time(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + name + "' is no time", e);
        }
    }

    Fields object(String name) {
        return of(map.get(name), name);
    }

    List<Fields> objects(String name) {
        if (map.get(name) instanceof List<?> list) {
            return list.stream().map(item -> of(item, name)).toList();
        }
        throw new IllegalArgumentException("'" + name + "' is no list");
    }

    @SuppressWarnings("unchecked")
    private static Fields of(@Nullable Object value, String name) {
        if (value instanceof Map<?, ?> object) {
            return new Fields((Map<String, @Nullable Object>) object);
        }
        throw new IllegalArgumentException("'" + name + "' is no object");
    }

    /** Its names; each at most as long as a text may be. */
    List<String> names() {
        for (String name : map.keySet()) {
            if (name.length() > MAX_TEXT) {
                throw new IllegalArgumentException("a name is longer than " + MAX_TEXT + " characters");
            }
        }
        return List.copyOf(map.keySet());
    }
}
