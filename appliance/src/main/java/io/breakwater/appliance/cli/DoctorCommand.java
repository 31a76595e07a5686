package io.breakwater.appliance.cli;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.doctor.Doctor;
import io.breakwater.appliance.doctor.DoctorReport;
import io.breakwater.appliance.doctor.Remedy;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.capture.prepare.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code breakwater doctor}: what on this box would break inline filtering? */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Look at cards, kernel, cores and Java for what would break or slow inline filtering, and name the command that"
                    + " mends it. Changes nothing without --fix.",
            "Exit code 0: healthy, 1: findings, 2: usage."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Path USUAL_POLICY = Path.of("/etc/breakwater/breakwater.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "POLICY",
            description = "The policy file, which names the cards. Without it, /etc/breakwater/breakwater.yaml if it"
                    + " exists; else only the box is looked at.")
    private @Nullable Path policyFile;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--fix", description = "Run the commands that cut no connection, and say which.")
    private boolean fix;

    @Mixin
    private StateDirectoryOption state = new StateDirectoryOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        DoctorReport report = examine(configuration(command.commandLine().getErr()), state.directory());
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            report.writeJson(out);
        } else {
            report.lines().forEach(out::println);
        }
        out.flush();
        return report.findings().isEmpty() ? 0 : 1;
    }

    private DoctorReport examine(Configuration configuration, Path state) {
        try {
            List<Finding> findings = Doctor.examine(configuration, state);
            if (!fix) {
                return new DoctorReport(findings, List.of());
            }
            List<String> ran = Remedy.apply(findings);
            return new DoctorReport(Doctor.examine(configuration, state), ran);
        } catch (IOException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()));
        }
    }

    private Configuration configuration(PrintWriter err) {
        Path file = policyFile == null && Files.exists(USUAL_POLICY) ? USUAL_POLICY : policyFile;
        return file == null ? Configuration.builtIn() : PolicyLoading.load(file, LoadOptions.run(), err);
    }
}
