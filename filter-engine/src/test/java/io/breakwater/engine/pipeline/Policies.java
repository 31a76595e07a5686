package io.breakwater.engine.pipeline;

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
import java.util.ArrayList;
import java.util.List;

/** Policies that tests share. */
public final class Policies {
    private Policies() {}

    /** Every step of a chain: the whole vector table, fragments, and a limit per source. */
    public static Policy full(RuleMode mode, long packetsPerSecond) {
        return new Policy(
                List.of(Prefix.parse("203.0.113.0/24")),
                mode,
                List.of(Prefix.parse("192.0.2.0/24")),
                List.of(Prefix.parse("198.51.100.66/32")),
                VectorTable.builtIn(),
                List.of(),
                new AntiSpoof(AntiSpoof.Level.OFF, AntiSpoof.Level.STRICT, AntiSpoof.Level.OFF, List.of()),
                new Fragments(true, Bucket.of(Rate.packetsPerSecond(1_000))),
                List.of(perSource(packetsPerSecond)),
                AttackDetection.builtIn(VectorTable.builtIn(), true));
    }

    /** The same, with so many limits per source that nobody reaches before one that all do. */
    public static Policy manyLimits(int generous, long packetsPerSecond) {
        Policy full = full(RuleMode.ENFORCE, packetsPerSecond);
        List<LimitRule> limits = new ArrayList<>();
        for (int i = 0; i < generous; i++) {
            limits.add(perSource("generous-" + i, 1_000_000_000));
        }
        limits.addAll(full.limits());
        return new Policy(
                full.protectedPrefixes(),
                full.mode(),
                full.trusted(),
                full.blocked(),
                full.vectors(),
                full.services(),
                full.antiSpoof(),
                full.fragments(),
                limits,
                full.attack());
    }

    private static LimitRule perSource(long packetsPerSecond) {
        return perSource("udp-per-source", packetsPerSecond);
    }

    private static LimitRule perSource(String name, long packetsPerSecond) {
        return new LimitRule(
                name,
                LimitRule.Match.inboundUdp(),
                LimitRule.Track.of(LimitRule.Key.SOURCE),
                List.of(Bucket.of(Rate.packetsPerSecond(packetsPerSecond))),
                null,
                LimitRule.Then.DROP,
                0,
                LimitRule.Table.DEFAULT,
                RuleMode.ENFORCE);
    }
}
