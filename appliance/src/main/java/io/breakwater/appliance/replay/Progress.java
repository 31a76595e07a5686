package io.breakwater.appliance.replay;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** One line on a terminal that says how far long work is: frames, share, rate. Silent when piped. */
final class Progress {
    private static final long PERIOD_NS = 200_000_000L;

    private final PrintStream out;
    private final boolean visible;
    private final LongSupplier frames;
    private final DoubleSupplier share;
    private long lastNs;
    private long lastFrames;
    private boolean drawn;

    /**
     * @param frames frames done so far
     * @param share of the work that is done, 0 to 1; negative if unknown
     */
    Progress(PrintStream out, LongSupplier frames, DoubleSupplier share) {
        this.out = out;
        this.visible = isTerminal();
        this.frames = frames;
        this.share = share;
        this.lastNs = System.nanoTime();
    }

    @SuppressWarnings("SystemConsoleNull") // It is null when standard input and output are both no terminal.
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Draws again if it is time. */
    void update() {
        long nowNs = System.nanoTime();
        if (!visible || nowNs - lastNs < PERIOD_NS) {
            return;
        }
        long done = frames.getAsLong();
        double rate = (done - lastFrames) * 1e9 / (nowNs - lastNs);
        double part = share.getAsDouble();
        String percent = part < 0 ? "" : String.format(Locale.ROOT, "%5.1f %%  ", part * 100);
        out.printf(Locale.ROOT, "\r%s%,d frames  %,.0f frames/s\u001b[K", percent, done, rate);
        out.flush();
        lastNs = nowNs;
        lastFrames = done;
        drawn = true;
    }

    /** Takes the line away. */
    void clear() {
        if (drawn) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
