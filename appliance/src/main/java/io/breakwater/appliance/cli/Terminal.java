package io.breakwater.appliance.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal that a person looks at, if there is one. */
final class Terminal {
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})");
    private static final Size USUAL = new Size(24, 80);

    /** In characters. */
    record Size(int rows, int columns) {}

    private Terminal() {}

    // JDK 25 went back to a console that is null without a terminal.
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Its size now; the JDK does not say, so stty is asked. */
    static Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher matcher = ROWS_AND_COLUMNS.matcher(said.strip());
            if (stty.waitFor(1, TimeUnit.SECONDS) && matcher.matches()) {
                return known(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            }
        } catch (IOException e) {
            // No stty: the usual size.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL;
    }

    /** A serial line, say, tells 0 for what it does not know. */
    private static Size known(int rows, int columns) {
        return new Size(rows > 0 ? rows : USUAL.rows(), columns > 0 ? columns : USUAL.columns());
    }
}
