package io.breakwater.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Reads policies in tests. */
final class Policies {
    private Policies() {}

    static PolicyResult parse(String yaml) {
        return PolicyFile.parse("p.yaml", yaml, LoadOptions.replay());
    }

    /** A policy that must be in order. */
    static Configuration accepted(String yaml) {
        return accepted(parse(yaml));
    }

    static Configuration accepted(PolicyResult result) {
        assertThat(problems(result)).isEmpty();
        return ((PolicyResult.Accepted) result).configuration();
    }

    static List<String> problems(String yaml) {
        return problems(parse(yaml));
    }

    static List<String> problems(PolicyResult result) {
        return switch (result) {
            case PolicyResult.Accepted accepted -> List.of();
            case PolicyResult.Refused refused ->
                refused.problems().stream().map(Problem::render).toList();
        };
    }

    static List<String> warnings(String yaml) {
        return accepted(yaml).warnings().stream().map(Problem::render).toList();
    }
}
