package io.breakwater.capture.file;

import java.io.IOException;
import java.util.List;

/** A capture that cannot be read (further) or written; every problem is one line that says where and what to do. */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    CaptureException(String problem) {
        this(List.of(problem));
    }

    CaptureException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One line per problem, at least one; {@link #getMessage()} is all of them joined. */
    public List<String> problems() {
        return problems;
    }
}
