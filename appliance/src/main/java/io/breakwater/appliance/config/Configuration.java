package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Policy;
import java.util.List;

/**
 * A policy file that is in order, immutable.
 *
 * @param policy what decides verdicts
 * @param pairs cards to join; empty only where the file need not name any
 * @param admin the HTTP interface
 * @param yaml the file as it was read
 * @param warnings what the operator should know, in the order of the file
 */
public record Configuration(
        Policy policy, List<PairConfig> pairs, AdminConfig admin, String yaml, List<Problem> warnings) {
    public Configuration {
        pairs = List.copyOf(pairs);
        warnings = List.copyOf(warnings);
    }

    /** What holds when no file is given: the built-in policy, no pairs. */
    public static Configuration builtIn() {
        return new Configuration(BuiltInPolicy.policy(), List.of(), AdminConfig.DEFAULT, "", List.of());
    }
}
