package io.breakwater.appliance.cli;

import io.breakwater.appliance.process.CommandFailure;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
        subcommands = {RunCommand.class, CheckCommand.class, ReplayCommand.class, HelpCommand.class},
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
        return new CommandLine(new BreakwaterCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(BreakwaterCommand::onUsageError)
                .setExecutionExceptionHandler((e, command, parsed) -> onFailure(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    private static int onUsageError(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message = firstLine(e.getMessage());
        command.getErr()
                .println("breakwater: " + message + "; see '"
                        + command.getCommandSpec().qualifiedName() + " --help'");
        return CommandFailure.USAGE;
    }

    private static int onFailure(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        if (e instanceof CommandFailure failure) {
            failure.line().lines().filter(line -> !line.isEmpty()).forEach(line -> err.println("breakwater: " + line));
            return failure.exitCode();
        }
        err.println("breakwater: internal error: " + firstLine(String.valueOf(e))
                + "; please report it with the command line and the policy");
        if (Boolean.getBoolean("breakwater.debug")) {
            e.printStackTrace(err);
        }
        return CommandFailure.RUN_TIME;
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "unknown" : text.lines().findFirst().orElse("");
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
