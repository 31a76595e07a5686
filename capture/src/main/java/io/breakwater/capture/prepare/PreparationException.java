package io.breakwater.capture.prepare;

import java.io.IOException;
import java.util.List;

/** Ports that cannot be used as they are; each problem is one line with the command that mends it. */
public final class PreparationException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final boolean misconfigured;

    PreparationException(String problem) {
        this(List.of(problem));
    }

    PreparationException(List<String> problems) {
        this(problems, false);
    }

    PreparationException(List<String> problems, boolean misconfigured) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
        this.misconfigured = misconfigured;
    }

    /** All problems that were found, at least one. */
    public List<String> problems() {
        return problems;
    }

    /** Whether the ports' names cannot be right on this box, rather than the box not being ready for them. */
    public boolean isMisconfigured() {
        return misconfigured;
    }
}
