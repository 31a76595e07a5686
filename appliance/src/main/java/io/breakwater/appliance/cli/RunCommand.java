package io.breakwater.appliance.cli;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.gateway.Gateway;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code breakwater run}: inline until SIGTERM. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Filter inline between the pairs of cards that the policy names, until SIGTERM. SIGHUP reloads.")
final class RunCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The policy file.")
    private @Nullable Path policyFile;

    @Mixin
    private StateDirectoryOption state = new StateDirectoryOption();

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description = "Write latency histograms here, one interval a second and lane (HdrHistogram log).")
    private @Nullable Path histogramLog;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ProcessPrivileges.askKeeper();
        Path file = Objects.requireNonNull(policyFile);
        Configuration configuration = PolicyLoading.load(
                file,
                LoadOptions.run(),
                Objects.requireNonNull(spec).commandLine().getErr());
        return new Gateway(file, configuration, state.directory(), histogramLog).run();
    }
}
