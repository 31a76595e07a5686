package io.breakwater.appliance.audit;

/** Text from files and processes, made fit for a terminal: no control characters, bounded in length. */
final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    static String shortened(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return start.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }
}
