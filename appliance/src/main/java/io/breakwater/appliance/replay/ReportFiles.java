package io.breakwater.appliance.replay;

import io.breakwater.appliance.latency.HistogramLog;
import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that tell of a run. They are opened before it starts, so that a place that cannot be written is told at once
 * and not after an hour of work.
 */
final class ReportFiles implements AutoCloseable {
    static final String STANDARD_OUTPUT = "-";

    private final @Nullable String jsonName;
    private final @Nullable OutputStream json;
    private final @Nullable Path histogramFile;
    private final @Nullable HistogramLog histogram;

    /**
     * Opens both; null = not wanted.
     *
     * @throws CommandFailure (usage) if a file cannot be written
     */
    ReportFiles(@Nullable String jsonName, @Nullable Path histogramFile) {
        this.jsonName = jsonName;
        this.histogramFile = histogramFile;
        this.json = jsonName == null || jsonName.equals(STANDARD_OUTPUT)
                ? null
                : open(jsonName, () -> Files.newOutputStream(Path.of(jsonName)));
        this.histogram =
                histogramFile == null ? null : open(histogramFile.toString(), () -> new HistogramLog(histogramFile));
    }

    /**
     * Looks whether a file could be written there, and changes nothing.
     *
     * @throws CommandFailure (usage) if its folder does not exist
     */
    static void requirePlace(String name) {
        try {
            Path path = Path.of(name).toAbsolutePath();
            Path folder = path.getParent();
            if (!Files.exists(path) && folder != null && !Files.isDirectory(folder)) {
                throw noFolder(name);
            }
        } catch (InvalidPathException e) {
            throw CommandFailure.usage(name + ": cannot be written: " + reason(name, e) + "; name another file");
        }
    }

    private static CommandFailure noFolder(String name) {
        return CommandFailure.usage(name + ": cannot be written: its folder does not exist; make it, or name another");
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T open(String name, Opening<T> opening) {
        try {
            return opening.open();
        } catch (NoSuchFileException e) {
            throw noFolder(name);
        } catch (IOException | InvalidPathException e) {
            String why = Files.isDirectory(Path.of(name)) ? "it is a directory" : reason(name, e);
            throw CommandFailure.usage(name + ": cannot be written: " + why + "; name another file");
        }
    }

    /** Writes all that is wanted: the JSON report, the histogram, and text for people unless JSON goes to {@code out}. */
    void write(ReplayReport report, PrintStream out, List<String> failures) {
        if (STANDARD_OUTPUT.equals(jsonName)) {
            writeJson(report, out, "standard output", failures);
            out.flush();
        } else {
            out.print(ReportText.of(report));
        }
        if (json != null) {
            writeJson(report, json, String.valueOf(jsonName), failures);
        }
        writeHistogram(report, failures);
    }

    private static void writeJson(ReplayReport report, OutputStream to, String name, List<String> failures) {
        try {
            ReportJson.write(report, to);
        } catch (IOException e) {
            failures.add(name + ": the report cannot be written: " + reason(name, e) + "; choose another place");
        }
    }

    private void writeHistogram(ReplayReport report, List<String> failures) {
        if (histogram == null) {
            return;
        }
        long fromMs = histogram.startMs();
        histogram.write(
                "replay", report.latency(), fromMs, fromMs + report.duration().toMillis());
        if (histogram.failed()) {
            failures.add(histogramFile + ": the histogram log cannot be written; is the disk full?");
        }
    }

    private static String reason(String name, Exception e) {
        String said = e.getMessage();
        return said == null || said.equals(name) ? e.getClass().getSimpleName() : said.replace(name + ": ", "");
    }

    @Override
    public void close() {
        if (histogram != null) {
            histogram.close();
        }
        if (json != null) {
            try {
                json.close();
            } catch (IOException e) {
                return; // Each write was checked, and nothing is buffered.
            }
        }
    }
}
