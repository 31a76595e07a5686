package io.breakwater.appliance.config;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.AntiSpoof;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.VectorTable;
import java.util.List;
import java.util.Set;

/** What holds where a policy file says nothing. */
public final class BuiltInPolicy {
    /** IP protocol number of UDP (IANA). */
    static final int UDP = 17;

    private BuiltInPolicy() {}

    /** The policy when no file is given: nothing is known of the inside. */
    public static Policy policy() {
        return policy(List.of());
    }

    /** The policy of a file that gives {@code protected} alone. */
    public static Policy policy(List<Prefix> protectedPrefixes) {
        return new Policy(
                protectedPrefixes,
                RuleMode.ENFORCE,
                List.of(),
                List.of(),
                VectorTable.builtIn(),
                List.of(),
                antiSpoof(!protectedPrefixes.isEmpty()),
                fragments(),
                limits(),
                AttackDetection.builtIn(VectorTable.builtIn(), !protectedPrefixes.isEmpty()));
    }

    /** Inbound sources are watched once it is known what lives inside; nothing else is judged. */
    static AntiSpoof antiSpoof(boolean protectedGiven) {
        AntiSpoof.Level inbound = protectedGiven ? AntiSpoof.Level.MONITOR : AntiSpoof.Level.OFF;
        return new AntiSpoof(AntiSpoof.Level.OFF, inbound, AntiSpoof.Level.OFF, List.of());
    }

    /** Inheritance, and 1,000 packets/s per destination for fragments whose first has not been seen. */
    static Fragments fragments() {
        return new Fragments(true, Bucket.of(Rate.packetsPerSecond(1_000)));
    }

    /** {@code udp-per-source} and {@code reflected-per-victim}. */
    static List<LimitRule> limits() {
        return List.of(
                limit(
                        "udp-per-source",
                        LimitRule.Match.inboundUdp(),
                        new LimitRule.Track(LimitRule.Key.SOURCE, 32, 64),
                        new Bucket(Rate.packetsPerSecond(50_000), 100_000)),
                limit(
                        "reflected-per-victim",
                        unsolicitedOfAnyVector(),
                        LimitRule.Track.of(LimitRule.Key.DESTINATION_AND_SOURCE_PORT),
                        new Bucket(Rate.packetsPerSecond(5_000), 10_000)));
    }

    private static LimitRule limit(String name, LimitRule.Match match, LimitRule.Track track, Bucket bucket) {
        return new LimitRule(
                name,
                match,
                track,
                List.of(bucket),
                null,
                LimitRule.Then.DROP,
                0,
                LimitRule.Table.DEFAULT,
                RuleMode.ENFORCE);
    }

    private static LimitRule.Match unsolicitedOfAnyVector() {
        return new LimitRule.Match(
                Lane.INBOUND, UDP, false, List.of(), List.of(), List.of(), List.of(), Set.of(), true, true, null, null);
    }
}
