package io.breakwater.capture.file;

import java.io.IOException;
import java.util.List;

/** A capture that cannot be read (further) or written; every problem is one line that says where and what to do. */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;
    private final Kind kind;

    /** What is wrong. */
    enum Kind {
        /** No input is a capture at all. */
        NO_CAPTURE,
        /** It ends where it should not. */
        CUT_SHORT,
        OTHER
    }

    CaptureException(String problem) {
        this(List.of(problem), Kind.OTHER);
    }

    CaptureException(List<String> problems) {
        this(problems, Kind.OTHER);
    }

    CaptureException(List<String> problems, Kind kind) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
        this.kind = kind;
    }

    /** One line per problem, at least one; {@link #getMessage()} is all of them joined. */
    public List<String> problems() {
        return problems;
    }

    /** Whether nothing was read, because no input is a capture at all. A file's is known before anything begins, a stream's not. */
    public boolean isNoCapture() {
        return kind == Kind.NO_CAPTURE;
    }

    /** Whether an input ends inside its header or a record. */
    boolean isCutShort() {
        return kind == Kind.CUT_SHORT;
    }
}
