package io.breakwater.appliance.process;

/**
 * Ends a command with one line on stderr and an exit code. The message says what is wrong, where, and the next step.
 */
public final class CommandFailure extends RuntimeException {
    /** It failed while running. */
    public static final int RUN_TIME = 1;

    /** What was typed or configured cannot be right. */
    public static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final String line;
    private final int exitCode;

    private CommandFailure(String message, int exitCode) {
        super(message, null, false, false);
        this.line = message;
        this.exitCode = exitCode;
    }

    public static CommandFailure atRunTime(String message) {
        return new CommandFailure(message, RUN_TIME);
    }

    public static CommandFailure usage(String message) {
        return new CommandFailure(message, USAGE);
    }

    /** Everything was told already; only the exit code is left. */
    public static CommandFailure silent(int exitCode) {
        return new CommandFailure("", exitCode);
    }

    /** What to tell; empty if everything was told already. Several problems stand on lines of their own. */
    public String line() {
        return line;
    }

    public int exitCode() {
        return exitCode;
    }
}
