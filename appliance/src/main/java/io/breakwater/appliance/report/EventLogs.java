package io.breakwater.appliance.report;

import io.breakwater.appliance.process.CommandFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The files of event logs, the oldest of each log first: what was rotated away ({@code events.jsonl.2},
 * {@code events.jsonl.1.gz}) belongs to its log.
 *
 * <p>All are opened before any is read, the newest first: a box that rotates its log meanwhile takes nothing away.
 */
final class EventLogs implements AutoCloseable {
    static final String STANDARD_INPUT = "-";

    private static final Pattern ROTATED = Pattern.compile("(.+?)\\.([0-9]{1,6})(\\.gz)?");
    private static final int GZIP_MAGIC_1 = 0x1f;
    private static final int GZIP_MAGIC_2 = 0x8b;
    private static final int BUFFER_BYTES = 1 << 16;

    private final List<EventLog> logs = new ArrayList<>();

    /**
     * One file.
     *
     * @param name as messages name it
     */
    record EventLog(String name, InputStream stream) {}

    private EventLogs() {}

    /**
     * Opens the files with those rotated away, each once however often it is named.
     *
     * @throws CommandFailure (usage) if one cannot be opened
     */
    static EventLogs open(List<String> names, InputStream standardInput) {
        EventLogs all = new EventLogs();
        Set<Object> seen = new HashSet<>();
        for (String name : names) {
            if (name.equals(STANDARD_INPUT)) {
                all.logs.add(new EventLog("standard input", new BufferedInputStream(standardInput, BUFFER_BYTES)));
            } else {
                all.add(name, seen);
            }
        }
        return all;
    }

    private void add(String name, Set<Object> seen) {
        List<EventLog> newestFirst = new ArrayList<>();
        for (Path file : filesOf(name)) {
            try {
                if (seen.add(identity(file))) {
                    newestFirst.add(new EventLog(file.toString(), uncompressed(file)));
                }
            } catch (IOException e) {
                newestFirst.forEach(log -> close(log.stream()));
                close();
                throw CommandFailure.usage(file + ": cannot be read (" + reason(e) + "); name the file of events.file");
            }
        }
        logs.addAll(newestFirst.reversed());
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "no right to read it";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Two names of one file have the same. */
    private static Object identity(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toRealPath() : key;
    }

    /** The file that is named and those rotated away from it, the newest first. */
    static List<Path> filesOf(String name) {
        try {
            Path file = Path.of(name);
            List<Path> files = new ArrayList<>(List.of(file));
            files.addAll(rotated(file).values());
            return files;
        } catch (InvalidPathException e) {
            throw CommandFailure.usage("'" + name + "' is not a path; name the file of events.file");
        }
    }

    private static Map<Integer, Path> rotated(Path file) {
        Map<Integer, Path> found = new TreeMap<>();
        Path directory = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
        String base = String.valueOf(file.getFileName());
        try (Stream<Path> siblings = Files.list(directory)) {
            siblings.forEach(sibling -> {
                Matcher matcher = ROTATED.matcher(String.valueOf(sibling.getFileName()));
                if (matcher.matches() && matcher.group(1).equals(base) && Files.isRegularFile(sibling)) {
                    found.put(Integer.parseInt(matcher.group(2)), file.resolveSibling(sibling.getFileName()));
                }
            });
        } catch (IOException e) {
            // A directory that cannot be listed may still hold the file that is named.
        }
        return found;
    }

    /** The log that a file belongs to: its name without what rotation adds. */
    static String baseName(String name) {
        Matcher matcher = ROTATED.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }

    /** By what the file begins with, not by its name. */
    private static InputStream uncompressed(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            in.mark(2);
            boolean gzip = in.read() == GZIP_MAGIC_1 && in.read() == GZIP_MAGIC_2;
            in.reset();
            return gzip ? new GZIPInputStream(in, BUFFER_BYTES) : in;
        } catch (IOException e) {
            close(in);
            throw e;
        }
    }

    List<EventLog> logs() {
        return List.copyOf(logs);
    }

    @Override
    public void close() {
        logs.forEach(log -> close(log.stream()));
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // Nothing was written to it.
        }
    }
}
