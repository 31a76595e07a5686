package io.breakwater.appliance.config;

/**
 * One mistake, or one thing to think about, in a policy file.
 *
 * @param severity whether the file is refused for it
 * @param file name of the file as the user gave it
 * @param line from 1
 * @param column from 1, in characters
 * @param path where in the policy, such as {@code limits[0].rate}; {@code yaml} for syntax, {@code file} for the whole file
 * @param text what is wrong and what to do about it, one line
 */
public record Problem(Severity severity, String file, int line, int column, String path, String text) {
    /** What a problem means for the file. */
    public enum Severity {
        /** The file is refused. */
        ERROR,
        /** The file is used; the operator should know. */
        WARNING
    }

    /** Control characters, which could break the line or the terminal, become blanks. */
    public Problem {
        path = oneLine(path);
        text = oneLine(text);
    }

    /** The line for people and editors: {@code file:line:col: path: problem}. */
    public String render() {
        String label = severity == Severity.WARNING ? "warning: " : "";
        return oneLine(file) + ":" + line + ":" + column + ": " + path + ": " + label + text;
    }

    @Override
    public String toString() {
        return render();
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> line.appendCodePoint(isHarmless(c) ? c : ' '));
        return line.toString();
    }

    /** Control, format (such as right-to-left marks) and line separator characters are not. */
    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
