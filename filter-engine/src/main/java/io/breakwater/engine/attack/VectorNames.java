package io.breakwater.engine.attack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Small numbers for the names that attacks are counted by. A name keeps its number, so that attacks outlive reloads.
 *
 * <p><b>Thread:</b> control threads; synchronized. The hot path knows numbers only.
 */
final class VectorNames {
    /** Numbers run from 1 to {@code CAPACITY - 1}. Names beyond that share the last one. */
    static final int CAPACITY = 1024;

    private static final String OTHER = "other";

    private final List<String> names = new ArrayList<>(List.of(""));
    private final Map<String, Integer> ids = new HashMap<>();

    synchronized int id(String name) {
        Integer known = ids.get(name);
        if (known != null) {
            return known;
        }
        if (names.size() == CAPACITY - 1) {
            return CAPACITY - 1;
        }
        names.add(name);
        ids.put(name, names.size() - 1);
        return names.size() - 1;
    }

    synchronized String name(int id) {
        return id < names.size() ? names.get(id) : OTHER;
    }

    synchronized int size() {
        return names.size();
    }
}
