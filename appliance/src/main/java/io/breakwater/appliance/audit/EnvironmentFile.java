package io.breakwater.appliance.audit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Assignments as systemd reads them, which is not as a shell does: behind a value a {@code #} is part of it.
 *
 * <p>Source: systemd.exec(5), {@code EnvironmentFile=}; each rule was tried with systemd 252.
 */
final class EnvironmentFile {
    private final String text;
    private int at;

    private EnvironmentFile(String text) {
        this.text = text;
    }

    /** Names and values; of several values of one name the last. Lines without {@code =} are passed over. */
    static Map<String, String> parse(String text) {
        EnvironmentFile file = new EnvironmentFile(text);
        Map<String, String> values = new LinkedHashMap<>();
        while (file.at < text.length()) {
            char first = text.charAt(file.at);
            if (Character.isWhitespace(first)) {
                file.at++;
            } else {
                boolean isComment = first == '#' || first == ';';
                String name = file.upTo(isComment ? "\n\r" : "=\n\r");
                if (file.at < text.length() && text.charAt(file.at++) == '=') {
                    values.put(name.strip(), file.value());
                }
            }
        }
        return values;
    }

    private String upTo(String ends) {
        int from = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    /** Quotes are read before the first plain character only; white space at the end stays if something guards it. */
    private String value() {
        StringBuilder value = new StringBuilder();
        boolean isPlain = false;
        int guarded = 0;
        while (at < text.length() && !isLineEnd(text.charAt(at))) {
            char one = text.charAt(at++);
            if (!isPlain && (one == '"' || one == '\'')) {
                addQuoted(one, value);
                guarded = value.length();
            } else if (one == '\\') {
                isPlain = true;
                addEscaped(value);
                guarded = value.length();
            } else if (!Character.isWhitespace(one)) {
                isPlain = true;
                value.append(one);
                guarded = value.length();
            } else if (isPlain) {
                value.append(one);
            }
        }
        value.setLength(guarded);
        return value.toString();
    }

    private static boolean isLineEnd(char one) {
        return one == '\n' || one == '\r';
    }

    /** A backslash before the end of the line joins the next one. */
    private void addEscaped(StringBuilder value) {
        if (at < text.length()) {
            char escaped = text.charAt(at++);
            if (!isLineEnd(escaped)) {
                value.append(escaped);
            }
        }
    }

    /** Between double quotes a backslash stands for itself, unless a character follows that needs one. */
    private void addQuoted(char quote, StringBuilder value) {
        while (at < text.length() && text.charAt(at) != quote) {
            char one = text.charAt(at++);
            boolean isEscape = quote == '"' && one == '\\' && at < text.length();
            if (isEscape && "\"\\`$\n".indexOf(text.charAt(at)) >= 0) {
                addEscaped(value);
            } else {
                value.append(one);
            }
        }
        at++;
    }
}
