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
    private static final int USUAL_COLUMNS = 80;

    private Terminal() {}

    // JDK 25 went back to a console that is null without a terminal.
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Its width now; the JDK does not say, so stty is asked. */
    static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher matcher = ROWS_AND_COLUMNS.matcher(said.strip());
            if (stty.waitFor(1, TimeUnit.SECONDS) && matcher.matches()) {
                int columns = Integer.parseInt(matcher.group(2));
                return columns > 0 ? columns : USUAL_COLUMNS;
            }
        } catch (IOException e) {
            // No stty: the usual width.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL_COLUMNS;
    }
}
