package io.breakwater.appliance.cli;

/**
 * Ends a command with one line on stderr and an exit code. The message says what is wrong, where, and the next step.
 */
public final class CommandFailure extends RuntimeException {
    /** It failed while running. */
    public static final int RUN_TIME = 1;

    /** What was typed or configured cannot be right. */
    public static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailure(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    public static CommandFailure atRunTime(String message) {
        return new CommandFailure(message, RUN_TIME);
    }

    public static CommandFailure usage(String message) {
        return new CommandFailure(message, USAGE);
    }

    public int exitCode() {
        return exitCode;
    }
}
