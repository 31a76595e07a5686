package io.breakwater.appliance.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers everything that is wrong with one file, so that one run tells all. */
final class Problems {
    private static final Comparator<Problem> BY_POSITION =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final String file;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void error(Position at, String path, String text) {
        errors.add(new Problem(Problem.Severity.ERROR, file, at.line(), at.column(), path, text));
    }

    void warning(Position at, String path, String text) {
        warnings.add(new Problem(Problem.Severity.WARNING, file, at.line(), at.column(), path, text));
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** In the order of the file. */
    List<Problem> errors() {
        return errors.stream().sorted(BY_POSITION).toList();
    }

    /** In the order of the file. */
    List<Problem> warnings() {
        return warnings.stream().sorted(BY_POSITION).toList();
    }
}
