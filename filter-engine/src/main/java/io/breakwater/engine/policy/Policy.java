package io.breakwater.engine.policy;

import java.util.List;

/**
 * Everything that decides a verdict or an alarm, immutable and validated. Chains are compiled from it; a reload makes a new one.
 *
 * @param protectedPrefixes what lives inside; empty = not given
 * @param mode monitor: decide, count and log, but forward everything
 * @param trusted sources that skip everything but malformed; longest prefix wins between the two lists
 * @param blocked sources that are dropped
 * @param vectors the reflection table in force; empty = reflection off. Vectors switched off are absent
 * @param services guards of inside services
 * @param antiSpoof source address validation
 * @param fragments inheritance and budget of fragments
 * @param limits rate limits, in order
 * @param attack what counts as an attack; decides no verdict
 */
public record Policy(
        List<Prefix> protectedPrefixes,
        RuleMode mode,
        List<Prefix> trusted,
        List<Prefix> blocked,
        List<Vector> vectors,
        List<ServiceRule> services,
        AntiSpoof antiSpoof,
        Fragments fragments,
        List<LimitRule> limits,
        AttackDetection attack) {
    public Policy {
        protectedPrefixes = List.copyOf(protectedPrefixes);
        trusted = List.copyOf(trusted);
        blocked = List.copyOf(blocked);
        vectors = List.copyOf(vectors);
        services = List.copyOf(services);
        limits = List.copyOf(limits);
    }

    /** Whether {@code protected} holds an address. */
    public boolean isProtected(boolean ipv4, long hi, long lo) {
        for (Prefix prefix : protectedPrefixes) {
            if (prefix.contains(ipv4, hi, lo)) {
                return true;
            }
        }
        return false;
    }
}
