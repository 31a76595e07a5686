package io.breakwater.bench;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that says what is being measured; silent when piped.
 *
 * <p><b>Thread:</b> a daemon of its own draws five times a second; the others by one control thread.
 */
public final class Progress implements AutoCloseable {
    private static final long PERIOD_MS = 200;

    private final PrintStream out = System.err;
    private final boolean visible;
    private String text = "";
    private LongSupplier frames = () -> 0;
    private volatile boolean closed;

    /** Draws on standard error if it is a terminal. */
    public Progress() {
        this.visible = isTerminal();
        if (visible) {
            Thread.ofPlatform().daemon().name("progress").start(this::draw);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // It is null when standard input and output are both no terminal.
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** What is being done now, and how many frames it has seen. */
    public synchronized void step(String what, String of, LongSupplier framesSoFar) {
        text = what + ", " + of;
        frames = framesSoFar;
    }

    private void draw() {
        while (!closed) {
            show();
            try {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void show() {
        if (!closed && !text.isEmpty()) {
            out.printf(Locale.ROOT, "\r%s: %,d frames\u001b[K", text, frames.getAsLong());
            out.flush();
        }
    }

    /** Takes the line away. */
    public synchronized void clear() {
        text = "";
        if (visible) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    @Override
    public void close() {
        closed = true;
        clear();
    }
}
