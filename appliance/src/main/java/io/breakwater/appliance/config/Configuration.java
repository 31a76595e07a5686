package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Policy;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy file that is in order, immutable.
 *
 * @param policy what decides verdicts
 * @param pairs cards to join; empty only where the file need not name any
 * @param admin the HTTP interface
 * @param events where events are written
 * @param evidence copies of dropped frames, or null
 * @param yaml the file as it was read
 * @param warnings what the operator should know, in the order of the file
 */
public record Configuration(
        Policy policy,
        List<PairConfig> pairs,
        AdminConfig admin,
        EventsConfig events,
        @Nullable EvidenceConfig evidence,
        String yaml,
        List<Problem> warnings) {
    public Configuration {
        pairs = List.copyOf(pairs);
        warnings = List.copyOf(warnings);
    }

    /** Whether what belongs to the start of a box is as in another file. */
    public boolean startsLike(Configuration other) {
        return pairs.equals(other.pairs)
                && admin.equals(other.admin)
                && events.equals(other.events)
                && Objects.equals(evidence, other.evidence);
    }

    /** What holds when no file is given: the built-in policy, no pairs. */
    public static Configuration builtIn() {
        return new Configuration(
                BuiltInPolicy.policy(), List.of(), AdminConfig.DEFAULT, EventsConfig.NONE, null, "", List.of());
    }
}
