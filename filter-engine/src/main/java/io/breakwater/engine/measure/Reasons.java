package io.breakwater.engine.measure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The catalogue of drop reasons: stable names (metrics, reports, events) and the small ints that the hot path uses.
 *
 * <p>Ids are never taken back, so that counters survive a reload. The catalogue holds {@link #CAPACITY} reasons; names
 * beyond that share the last id, {@code other}.
 *
 * <p><b>Thread:</b> any. Asked while chains are compiled and when counters are shown, never per frame.
 */
public final class Reasons {
    /** Ids run from 0 (no reason) to {@code CAPACITY - 1}; counters are arrays of this length. */
    public static final int CAPACITY = 1024;

    public static final int EGRESS = 1;
    public static final int INTERNAL = 2;
    public static final int MALFORMED = 3;
    public static final int BLOCKED_SOURCE = 4;
    public static final int ANTISPOOF = 5;
    public static final int FRAGMENT = 6;

    private static final int OTHER = CAPACITY - 1;

    private final CopyOnWriteArrayList<String> names = new CopyOnWriteArrayList<>(
            List.of("", "egress", "internal", "malformed", "blocked-source", "antispoof", "fragment"));
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();

    /** A catalogue with the fixed reasons only. */
    public Reasons() {
        for (int id = EGRESS; id < names.size(); id++) {
            ids.put(names.get(id), id);
        }
    }

    /** The id of {@code service:<name>}. */
    public int service(String name) {
        return id("service:" + name);
    }

    /** The id of {@code reflection:<vector>}. */
    public int reflection(String vector) {
        return id("reflection:" + vector);
    }

    /** The id of {@code unsolicited:<vector>}. */
    public int unsolicited(String vector) {
        return id("unsolicited:" + vector);
    }

    /** The id of {@code limit:<rule>}. */
    public int limit(String rule) {
        return id("limit:" + rule);
    }

    /** The id of a reason by its full name, added if new. */
    public synchronized int id(String name) {
        Integer known = ids.get(name);
        if (known != null) {
            return known;
        }
        if (names.size() >= OTHER) {
            return OTHER;
        }
        names.add(name);
        int id = names.size() - 1;
        ids.put(name, id);
        return id;
    }

    /** The name of an id that this catalogue gave out. */
    public String name(int id) {
        return id == OTHER ? "other" : names.get(id);
    }

    /** One more than the highest id given out so far (without {@code other}). */
    public int size() {
        return names.size();
    }

    /** Whether the id is of a policy verdict, rather than {@code egress} or {@code internal}. */
    public static boolean isOfPolicy(int id) {
        return id > INTERNAL;
    }
}
