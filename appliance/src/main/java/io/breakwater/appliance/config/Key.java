package io.breakwater.appliance.config;

/**
 * One key of the policy file: what the reader accepts, what it suggests, and what the reference page says.
 *
 * @param pattern place in the policy: {@code limits[].rate}, {@code reflection.<vector>.match}
 * @param type values it takes, for people
 * @param byDefault what holds when it is absent, for people
 * @param text what it does
 * @param example a whole policy file that uses it
 */
record Key(String pattern, String type, String byDefault, String text, String example) {
    /** The pattern of the mapping that holds it; empty for a top-level key. */
    String parent() {
        int dot = pattern.lastIndexOf('.');
        return dot < 0 ? "" : pattern.substring(0, dot);
    }

    /** As written in the file. */
    String name() {
        return pattern.substring(pattern.lastIndexOf('.') + 1);
    }
}
