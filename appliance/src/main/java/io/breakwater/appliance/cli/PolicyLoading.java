package io.breakwater.appliance.cli;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.config.Problem;
import io.breakwater.appliance.process.CommandFailure;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Loads the policy file of a command, and tells all its problems at once. */
final class PolicyLoading {
    private PolicyLoading() {}

    /**
     * The configuration; its warnings were told on {@code err}.
     *
     * @throws CommandFailure (usage) after every problem was told, one line each
     */
    static Configuration load(Path file, LoadOptions options, PrintWriter err) {
        return switch (PolicyFile.load(file, options)) {
            case PolicyResult.Accepted accepted -> {
                accepted.configuration().warnings().forEach(warning -> err.println(warning.render()));
                yield accepted.configuration();
            }
            case PolicyResult.Refused refused -> {
                for (Problem problem : refused.problems()) {
                    err.println(problem.render());
                }
                throw CommandFailure.silent(CommandFailure.USAGE);
            }
        };
    }
}
