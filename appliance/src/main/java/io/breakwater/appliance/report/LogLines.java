package io.breakwater.appliance.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of a log, none longer than {@value #MAX_BYTES} bytes in memory, whatever the file holds. */
final class LogLines {
    /** An event has some hundred bytes, totals of many reasons some thousand. */
    static final int MAX_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;
    private int end;
    private long number;
    private boolean tooLong;

    LogLines(InputStream in) {
        this.in = in;
    }

    /** The next line without its end, cut where it is too long; null at the end of the file. */
    @Nullable
    String next() throws IOException {
        line.reset();
        tooLong = false;
        boolean any = false;
        while (fill()) {
            any = true;
            int newline = newline();
            keep(newline - at);
            at = newline;
            if (newline < end) {
                at++;
                break;
            }
        }
        if (any) {
            number++;
        }
        return any ? line.toString(StandardCharsets.UTF_8) : null;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer, 0, BUFFER_BYTES));
        }
        return end > 0;
    }

    private int newline() {
        int i = at;
        while (i < end && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    private void keep(int length) {
        int room = MAX_BYTES - line.size();
        tooLong |= length > room;
        line.write(buffer, at, Math.min(length, room));
    }

    /** Of the last line, from 1. */
    long number() {
        return number;
    }

    /** Whether the last line was cut. */
    boolean isTooLong() {
        return tooLong;
    }
}
