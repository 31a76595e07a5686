package io.breakwater.capture.file;

import java.io.IOException;
import java.util.List;

/** A capture that cannot be read (further) or written; every problem is one line that says where and what to do. */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final boolean noCapture;

    CaptureException(String problem) {
        this(List.of(problem), false);
    }

    CaptureException(List<String> problems) {
        this(problems, false);
    }

    /** @param noCapture see {@link #isNoCapture} */
    CaptureException(List<String> problems, boolean noCapture) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
        this.noCapture = noCapture;
    }

    /** One line per problem, at least one; {@link #getMessage()} is all of them joined. */
    public List<String> problems() {
        return problems;
    }

    /** Whether nothing was read, because no input is a capture at all. A file's is known before anything begins, a stream's not. */
    public boolean isNoCapture() {
        return noCapture;
    }
}
