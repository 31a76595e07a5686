package io.breakwater.capture.prepare;

import java.util.List;

/**
 * Something on this box that breaks inline filtering, or slows it.
 *
 * @param level how bad it is
 * @param id what kind it is; stable
 * @param what one clause
 * @param mends commands, any one of which mends it; empty if {@code what} says the next step itself
 * @param isSafe whether the first command takes nothing away that works and cuts no connection
 */
public record Finding(Level level, String id, String what, List<String> mends, boolean isSafe) {
    /** How bad a finding is. */
    public enum Level {
        /** The policy names what cannot be right on this box: {@code run} refuses, and exits with 2. */
        MISNAMED,
        /** {@code run} refuses to start. */
        PROBLEM,
        /** It works, but not as well as it could. */
        WARNING
    }

    public Finding {
        mends = List.copyOf(mends);
    }

    static Finding problem(String id, String what, String... mends) {
        return new Finding(Level.PROBLEM, id, what, List.of(mends), false);
    }

    /** What is better than it was, with a command that the operator must judge. */
    public static Finding warning(String id, String what, String... mends) {
        return new Finding(Level.WARNING, id, what, List.of(mends), false);
    }

    static Finding safelyMended(String id, String what, String mend) {
        return new Finding(Level.WARNING, id, what, List.of(mend), true);
    }

    /** Whether {@code run} refuses because of it. */
    public boolean forbidsStart() {
        return level != Level.WARNING;
    }

    /** One line with the command that mends it, and the other one where there are two. */
    public String line() {
        if (mends.isEmpty()) {
            return what;
        }
        return what + ": " + mends.getFirst() + (mends.size() > 1 ? " (or " + mends.get(1) + ")" : "");
    }
}
