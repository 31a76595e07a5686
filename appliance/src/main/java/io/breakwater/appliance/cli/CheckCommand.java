package io.breakwater.appliance.cli;

import io.breakwater.appliance.admin.AccessFiles;
import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.process.HeapRoom;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.Policy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code breakwater check}: is this policy file in order? */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Validate a policy file: every problem as file:line:col: path: problem; exit 2 if there is any.")
final class CheckCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The policy file.")
    private @Nullable Path file;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path path = Objects.requireNonNull(file);
        Configuration configuration = PolicyLoading.load(path, LoadOptions.run(), err);
        AccessFiles.load(configuration.admin());
        Policy policy = configuration.policy();
        HeapRoom.require(policy, configuration.pairs().size());
        out.printf(
                Locale.ROOT,
                "%s: in order (mode %s, %d pairs, %d vectors, %d services, %d limits)%n",
                path,
                policy.mode().name().toLowerCase(Locale.ROOT),
                configuration.pairs().size(),
                policy.vectors().size(),
                policy.services().size(),
                policy.limits().size());
        long bytes = new PairEngine(policy, new Reasons(), PairEngine.Setup.REPLAY).memoryBytes();
        out.printf(Locale.ROOT, "tables take %.1f MiB per pair, set up at start%n", bytes / 1048576.0);
        return 0;
    }
}
