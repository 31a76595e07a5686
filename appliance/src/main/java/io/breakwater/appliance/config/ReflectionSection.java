package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code reflection}: the vectors, built in and own. */
final class ReflectionSection {
    private static final String ACTIONS = "`drop`, `solicited`, `limit`, `alert`, `off` or `{limit: rate}`";

    static final List<Key> KEYS = List.of(
            new Key(
                    "reflection",
                    "mapping of vectors, or `off`",
                    "the built-in vectors",
                    "What is done with answers of services that attackers reflect from, by UDP *source* port, inbound."
                            + " A built-in vector is changed by naming it; any other name makes an own vector.",
                    "reflection:\n  memcached: drop\n  dns: solicited\n"
                            + "  my-game: {port: 27015, action: {limit: 500 packets/s per destination}}"),
            new Key(
                    "reflection.defaults",
                    "`on` or `off`",
                    "`on`",
                    "`off` leaves only the vectors that are named here.",
                    "reflection: {defaults: off, memcached: drop}"),
            new Key(
                    "reflection.<vector>",
                    "an action, or a mapping",
                    "as in the table of vectors",
                    "One vector. An own one is `{port, action}`, matches by port, and replaces a built-in one of the same"
                            + " port.",
                    "reflection:\n  ssdp: drop\n  ntp: {action: solicited, mode: monitor}\n"
                            + "  my-game: {port: 27015, action: drop}"),
            new Key(
                    "reflection.<vector>.action",
                    ACTIONS,
                    "a built-in vector's own; required for others",
                    "`drop` drops every match as `reflection:<vector>`; `solicited` forwards only answers that an inside"
                            + " host asked for, else `unsolicited:<vector>`; `limit` lets 1,000 packets/s reach one"
                            + " destination, else `limit:<vector>`; `alert` counts and reports only; `off` does not look.",
                    "reflection:\n  snmp: {action: drop}"),
            new Key(
                    "reflection.<vector>.action.limit",
                    "rate per destination",
                    "`1000 packets/s per destination`",
                    "What one destination may get from this vector.",
                    "reflection:\n  steam: {action: {limit: 500 packets/s per destination}}"),
            new Key(
                    "reflection.<vector>.limit",
                    "rate per destination",
                    "none",
                    "Short for `action: {limit: …}`.",
                    "reflection:\n  steam: {limit: 500 packets/s per destination}"),
            new Key(
                    "reflection.<vector>.port",
                    "1–65535",
                    "a built-in vector's own; required for others",
                    "UDP source port of the answers.",
                    "reflection:\n  my-game: {port: 30120, action: limit}"),
            new Key(
                    "reflection.<vector>.match",
                    "`port`, `signature` or `both`",
                    "as in the table of vectors; `port` for own ones",
                    "How an answer is recognised: by its source port, by its content on any port, or by both.",
                    "reflection:\n  ssdp: {action: drop, match: signature}"),
            new Key(
                    "reflection.<vector>.mode",
                    Modes.TYPE,
                    "`enforce`",
                    "`monitor` counts what this vector would drop, and settles nothing.",
                    "reflection:\n  memcached: {action: drop, mode: monitor}"));

    /** Words with a meaning of their own in {@code reflection} and {@code limits[].match.vector}. */
    private static final Set<String> RESERVED = Set.of("any", "defaults");

    private final Map<String, Vector> builtIn = new LinkedHashMap<>();
    private final Map<String, Named> named = new LinkedHashMap<>();
    private @Nullable Field self;
    private List<Vector> vectors = List.of();

    private ReflectionSection() {
        VectorTable.builtIn().forEach(vector -> builtIn.put(vector.name(), vector));
    }

    /** A vector that the file names; null if it is switched off, or wrong. */
    private record Named(Field.Entry entry, @Nullable Vector vector) {}

    static ReflectionSection read(@Nullable Field field) {
        ReflectionSection section = new ReflectionSection();
        section.self = field;
        if (field == null) {
            section.vectors = VectorTable.builtIn();
        } else if (!field.isOff()) {
            section.readVectors(field);
        }
        return section;
    }

    /** The vectors in force. */
    List<Vector> vectors() {
        return vectors;
    }

    /** Whether the name is of a vector, in force or not. */
    boolean knows(String name) {
        return builtIn.containsKey(name) || named.containsKey(name);
    }

    /** All names that {@link #knows}. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(builtIn.keySet());
        names.addAll(named.keySet());
        return names;
    }

    private void readVectors(Field field) {
        Map<String, Field.Entry> entries = field.entries("a mapping of vectors to actions, or off");
        if (entries == null || !Names.areFew(entries.size(), field, "vectors")) {
            return;
        }
        boolean defaults = defaults(entries.remove("defaults"));
        entries.forEach((name, entry) -> {
            if (builtIn.containsKey(name) || isOwn(name, entry)) {
                named.put(name, new Named(entry, VectorField.read(name, builtIn.get(name), entry.value())));
            }
        });
        Map<Integer, Named> byPort = namedByPort();
        List<Vector> all = new ArrayList<>();
        for (Vector vector : defaults ? builtIn.values() : List.<Vector>of()) {
            if (!named.containsKey(vector.name()) && !byPort.containsKey(vector.port())) {
                all.add(vector);
            }
        }
        for (Named one : named.values()) {
            if (one.vector != null) {
                all.add(one.vector);
            }
        }
        vectors = all;
    }

    private static boolean defaults(Field.@Nullable Entry entry) {
        if (entry == null) {
            return true;
        }
        Map<String, Boolean> words = new LinkedHashMap<>();
        words.put("on", true);
        words.put("off", false);
        words.put("true", true);
        Boolean defaults = entry.value().choice(words);
        return defaults == null || defaults;
    }

    private boolean isOwn(String name, Field.Entry entry) {
        boolean hasPort = entry.value().isMapping() && entry.value().has("port");
        if (!hasPort) {
            String near = Suggestion.didYouMean(name, builtIn.keySet());
            entry.error("unknown vector" + near + (near.isEmpty() ? "; an" : " An")
                    + " own vector needs {port: …, action: …}");
            return false;
        }
        if (RESERVED.contains(name)) {
            entry.error("'" + name + "' has a meaning of its own; choose another name");
            return false;
        }
        return Names.isName(name, entry);
    }

    private Map<Integer, Named> namedByPort() {
        Map<Integer, Named> byPort = new HashMap<>();
        for (Named one : named.values()) {
            Named other = one.vector == null ? null : byPort.putIfAbsent(one.vector.port(), one);
            if (other != null && one.vector != null && other.vector != null) {
                one.entry.error("port " + one.vector.port() + " is already that of '" + other.vector.name()
                        + "' on line " + other.entry.keyAt().line());
            }
        }
        return byPort;
    }

    /** Solicited vectors need to know the inside. */
    void warnOf(Policy policy, Problems problems) {
        String solicited = vectors.stream()
                .filter(vector -> vector.action() == Vector.Action.SOLICITED)
                .map(Vector::name)
                .collect(Collectors.joining(", "));
        if (policy.protectedPrefixes().isEmpty() && !solicited.isEmpty()) {
            problems.warning(
                    self == null ? Position.START : self.at(),
                    "protected",
                    "is not given, so these solicited vectors are not enforced: " + solicited);
        }
    }
}
