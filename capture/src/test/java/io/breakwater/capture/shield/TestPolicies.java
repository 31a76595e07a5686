package io.breakwater.capture.shield;

import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AntiSpoof.Level;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.ServiceRule;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Policies that use every rule the shield knows, and those that keep it from using them. */
final class TestPolicies {
    private static final Fragments FRAGMENTS = new Fragments(true, Bucket.of(Rate.packetsPerSecond(1_000)));
    private static final List<Prefix> INSIDE = prefixes("203.0.113.0/24", "2001:db8:100::/48");

    private TestPolicies() {}

    static Map<String, Policy> all() {
        Map<String, Policy> all = new LinkedHashMap<>();
        all.put("built-in", builtIn());
        all.put("bare", policy(List.of(), AntiSpoof.OFF, VectorTable.builtIn(), List.of()));
        all.put("strict", strict(RuleMode.ENFORCE));
        all.put("rules-monitored", strict(RuleMode.MONITOR));
        all.put("all-drop", policy(INSIDE, AntiSpoof.OFF, allDrop(), List.of()));
        all.put("any-port", policy(INSIDE, AntiSpoof.OFF, anyPort(), List.of()));
        return all;
    }

    static Policy builtIn() {
        AntiSpoof antiSpoof = new AntiSpoof(Level.OFF, Level.MONITOR, Level.OFF, List.of());
        return policy(INSIDE, antiSpoof, VectorTable.builtIn(), List.of());
    }

    /** Everything strict, nested lists; {@code rules}: the mode of services and of half of the vectors. */
    private static Policy strict(RuleMode rules) {
        Level level = rules == RuleMode.ENFORCE ? Level.STRICT : Level.MONITOR;
        AntiSpoof antiSpoof =
                new AntiSpoof(Level.STRICT, level, level, prefixes("203.0.113.66/32", "2001:db8:100:5::/64"));
        List<ServiceRule> services = List.of(
                new ServiceRule("memcached", 11211, true, true, prefixes("192.0.2.10/32", "2001:db8::1/128"), rules),
                new ServiceRule("dns", 53, true, false, List.of(), RuleMode.ENFORCE),
                new ServiceRule("web", 443, false, true, prefixes("8.8.8.0/24"), rules));
        List<Vector> vectors = new ArrayList<>();
        for (Vector vector : VectorTable.builtIn()) {
            RuleMode mode = vector.port() % 2 == 0 ? rules : RuleMode.ENFORCE;
            vectors.add(with(vector, vector.match(), vector.action(), mode));
        }
        Policy policy = policy(INSIDE, antiSpoof, vectors, services);
        return new Policy(
                INSIDE,
                RuleMode.ENFORCE,
                prefixes("192.0.2.0/25", "198.18.77.0/24", "2001:db8:dead::/48"),
                prefixes(
                        "192.0.2.0/24", "198.18.0.0/16", "198.18.77.3/32", "2001:db8::/48", "0.0.0.0/32", "10.0.0.0/8"),
                policy.vectors(),
                policy.services(),
                policy.antiSpoof(),
                policy.fragments(),
                policy.limits(),
                policy.attack());
    }

    private static List<Vector> allDrop() {
        List<Vector> vectors = new ArrayList<>();
        for (Vector vector : VectorTable.builtIn()) {
            Vector.Match match = vector.signature() == null ? Vector.Match.PORT : Vector.Match.BOTH;
            vectors.add(with(vector, match, Vector.Action.DROP, RuleMode.ENFORCE));
        }
        return vectors;
    }

    /** Some vectors from any port, which Java asks in its own order. */
    private static List<Vector> anyPort() {
        List<Vector> vectors = new ArrayList<>();
        for (Vector vector : VectorTable.builtIn()) {
            boolean any = vector.signature() != null && vector.port() % 3 == 0;
            vectors.add(any ? with(vector, Vector.Match.SIGNATURE, vector.action(), RuleMode.ENFORCE) : vector);
        }
        return vectors;
    }

    private static Vector with(Vector vector, Vector.Match match, Vector.Action action, RuleMode mode) {
        Bucket limit = action == Vector.Action.LIMIT ? vector.limit() : null;
        return new Vector(vector.name(), vector.port(), match, vector.signature(), action, limit, mode);
    }

    private static Policy policy(
            List<Prefix> inside, AntiSpoof antiSpoof, List<Vector> vectors, List<ServiceRule> services) {
        return new Policy(
                inside,
                RuleMode.ENFORCE,
                List.of(),
                List.of(),
                vectors,
                services,
                antiSpoof,
                FRAGMENTS,
                List.of(),
                AttackDetection.builtIn(vectors, !inside.isEmpty()));
    }

    static Policy inMonitorMode(Policy policy) {
        return new Policy(
                policy.protectedPrefixes(),
                RuleMode.MONITOR,
                policy.trusted(),
                policy.blocked(),
                policy.vectors(),
                policy.services(),
                policy.antiSpoof(),
                policy.fragments(),
                policy.limits(),
                policy.attack());
    }

    private static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::parse).toList();
    }
}
