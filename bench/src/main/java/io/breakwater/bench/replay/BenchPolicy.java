package io.breakwater.bench.replay;

import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.config.Problem;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.traffic.GeneratedTraffic;
import io.breakwater.engine.policy.Policy;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A policy to measure.
 *
 * @param name {@code default}, {@code memcached-only}, or the file
 * @param policy what it says
 */
public record BenchPolicy(String name, Policy policy) {
    /** Everything that is built in, with an inside, so that nothing is left out. */
    public static final String DEFAULT = "default";

    /** The least that is of use. */
    public static final String MEMCACHED_ONLY = "memcached-only";

    /** What {@link #MEMCACHED_ONLY} says, as a policy file. */
    public static final String MEMCACHED_ONLY_YAML =
            "reflection: {defaults: off, memcached: drop}\nlimits: []\nfragments: off\n";

    /** What {@link #DEFAULT} says, as a policy file. */
    public static final String DEFAULT_YAML =
            "protected: [" + GeneratedTraffic.INSIDE_IPV4 + ", \"" + GeneratedTraffic.INSIDE_IPV6 + "\"]\n";

    /**
     * The policy of that name, or of that file.
     *
     * @throws CommandFailure (usage) with all problems of the file
     */
    public static BenchPolicy of(String nameOrFile) {
        PolicyResult result = switch (nameOrFile) {
            case DEFAULT -> PolicyFile.parse(DEFAULT, DEFAULT_YAML, LoadOptions.replay());
            case MEMCACHED_ONLY -> PolicyFile.parse(MEMCACHED_ONLY, MEMCACHED_ONLY_YAML, LoadOptions.replay());
            default -> PolicyFile.load(Path.of(nameOrFile), LoadOptions.replay());
        };
        return switch (result) {
            case PolicyResult.Accepted accepted ->
                new BenchPolicy(nameOrFile, accepted.configuration().policy());
            case PolicyResult.Refused refused ->
                throw CommandFailure.usage(
                        refused.problems().stream().map(Problem::render).collect(Collectors.joining("\n")));
        };
    }
}
