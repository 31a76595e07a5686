package io.breakwater.engine.classify;

import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.RuleMode;
import java.util.Arrays;
import java.util.List;

/** Small policies that switch on one section alone. */
final class Policies {
    private Policies() {}

    static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::parse).toList();
    }

    static Policy sources(List<Prefix> trusted, List<Prefix> blocked) {
        return policy(List.of(), trusted, blocked, AntiSpoof.OFF);
    }

    static Policy antiSpoof(List<Prefix> protectedPrefixes, List<Prefix> trusted, AntiSpoof antiSpoof) {
        return policy(protectedPrefixes, trusted, List.of(), antiSpoof);
    }

    private static Policy policy(
            List<Prefix> protectedPrefixes, List<Prefix> trusted, List<Prefix> blocked, AntiSpoof antiSpoof) {
        return new Policy(
                protectedPrefixes,
                RuleMode.ENFORCE,
                trusted,
                blocked,
                List.of(),
                List.of(),
                antiSpoof,
                Fragments.OFF,
                List.of(),
                AttackDetection.OFF);
    }
}
