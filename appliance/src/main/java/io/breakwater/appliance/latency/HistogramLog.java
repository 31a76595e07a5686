package io.breakwater.appliance.latency;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * A log of latency histograms in HdrHistogram's log format 1.3, values in nanoseconds; one line per interval and tag.
 *
 * <p><b>Thread:</b> one control thread.
 */
public final class HistogramLog implements AutoCloseable {
    private static final double NS_PER_MS = 1e6;

    private final PrintStream stream;
    private final HistogramLogWriter writer;
    private final long startMs = System.currentTimeMillis();

    /** Begins a log; a file that is there is replaced. */
    public HistogramLog(Path file) throws IOException {
        stream = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(stream);
        writer.outputLogFormatVersion();
        writer.outputComment("[Latency of forwarded frames in nanoseconds]");
        writer.outputStartTime(startMs);
        writer.setBaseTime(startMs);
        writer.outputLegend();
    }

    /**
     * Adds what was recorded between two moments.
     *
     * @param tag what it is of, such as a lane: no commas, blanks or line breaks
     */
    public void write(String tag, Histogram interval, long fromMs, long toMs) {
        Histogram tagged = interval.copy();
        tagged.setTag(tag);
        tagged.setStartTimeStamp(fromMs);
        tagged.setEndTimeStamp(toMs);
        writer.outputIntervalHistogram((fromMs - startMs) / 1e3, (toMs - startMs) / 1e3, tagged, NS_PER_MS);
        stream.flush();
    }

    /** When the log began, milliseconds since the epoch. */
    public long startMs() {
        return startMs;
    }

    /** Whether a write failed, such as on a full disk. */
    public boolean failed() {
        return stream.checkError();
    }

    @Override
    public void close() {
        stream.close();
    }
}
