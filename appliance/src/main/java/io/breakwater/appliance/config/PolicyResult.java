package io.breakwater.appliance.config;

import java.util.List;

/** What came of reading a policy file. */
public sealed interface PolicyResult {
    /** The file is in order (it may have warnings). */
    record Accepted(Configuration configuration) implements PolicyResult {}

    /**
     * The file is not used.
     *
     * @param problems every mistake in it, at least one, in the order of the file
     */
    record Refused(List<Problem> problems) implements PolicyResult {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
