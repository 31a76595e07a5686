package io.breakwater.appliance.cli;

import io.breakwater.appliance.process.FailureLines;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code breakwater}: the commands, and how errors are told. */
@Command(
        name = "breakwater",
        mixinStandardHelpOptions = true,
        versionProvider = BreakwaterCommand.Version.class,
        description = "An inline filter for reflected denial-of-service traffic.",
        subcommands = {
            RunCommand.class,
            ReleaseCommand.class,
            CheckCommand.class,
            ReplayCommand.class,
            AuditCommand.class,
            DoctorCommand.class,
            StatusCommand.class,
            TopCommand.class,
            BlockCommand.class,
            UnblockCommand.class,
            EventsCommand.class,
            ReportCommand.class,
            GenerateCompletion.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Also: breakwater demo (the lab), breakwater bench (measurements).",
            "Exit codes: 0 done, 1 failed at run time, 2 usage or configuration."
        })
public final class BreakwaterCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    /** Runs one command line and answers its exit code. */
    public static int execute(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        return FailureLines.on(new CommandLine(new BreakwaterCommand()).setCaseInsensitiveEnumValuesAllowed(true));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BreakwaterCommand.class.getPackage().getImplementationVersion();
            return new String[] {"breakwater " + (version == null ? "(not packaged)" : version)};
        }
    }
}
