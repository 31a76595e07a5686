package io.breakwater.appliance.process;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** How commands tell that they failed: lines on stderr, an exit code, and never a stack trace unasked. */
public final class FailureLines {
    private FailureLines() {}

    /** Lets a command line and its subcommands tell their failures this way. */
    public static CommandLine on(CommandLine commandLine) {
        return commandLine
                .setParameterExceptionHandler((e, args) -> onUsageError(e))
                .setExecutionExceptionHandler((e, command, parsed) -> onFailure(e, command));
    }

    private static int onUsageError(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("breakwater: " + firstLine(e.getMessage()) + "; see '" + name + " --help'");
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
}
