package io.breakwater.appliance.events;

import io.breakwater.appliance.config.EventsConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to a file, a JSON object a line, on a thread of its own; or to standard output.
 *
 * <p>{@link #accept} never waits: what finds no room, or cannot be written, is counted. A full disk is said once, until
 * something could be written again.
 *
 * <p><b>Thread:</b> {@link #accept} by any; the file belongs to {@code event-file}.
 */
public final class EventFile {
    private static final Logger LOG = LoggerFactory.getLogger(EventFile.class);

    /** Events that wait at most: what all budgets together let through at once. */
    private static final int WAITING = 2_048;

    private static final long POLL_MS = 200;
    private static final long CLOSE_MS = 2_000;

    private final ArrayBlockingQueue<Event> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final @Nullable Path file;
    private final OutputStream standardOutput;
    private final long maxBytes;
    private final int keep;
    private final Thread thread;
    private @Nullable OutputStream out;
    private long bytes;
    private boolean failing;
    private boolean torn;
    private volatile boolean closing;

    private EventFile(EventsConfig config, OutputStream standardOutput) {
        this.file = config.file();
        this.standardOutput = standardOutput;
        this.maxBytes = config.maxBytes();
        this.keep = config.keep();
        this.thread = Thread.ofPlatform().name("event-file").daemon().unstarted(this::work);
    }

    /**
     * Opens the file; null if none is wanted.
     *
     * @throws IOException if the file cannot be written; the message says the next step
     */
    public static @Nullable EventFile open(EventsConfig config, OutputStream standardOutput) throws IOException {
        if (config.file() == null && !config.standardOutput()) {
            return null;
        }
        EventFile events = new EventFile(config, standardOutput);
        try {
            events.openFile();
        } catch (IOException e) {
            throw new IOException(
                    "events.file: " + config.file() + " cannot be written ("
                            + e.getClass().getSimpleName() + "); create its directory, or give rights to it",
                    e);
        }
        events.thread.start();
        return events;
    }

    /** Takes an event to be written. */
    public void accept(Event event) {
        if (!waiting.offer(event)) {
            lost.incrementAndGet();
        }
    }

    /** Events that were not written; never goes back. */
    public long lost() {
        return lost.get();
    }

    private void work() {
        try {
            while (!closing || !waiting.isEmpty()) {
                Event event = waiting.poll(POLL_MS, TimeUnit.MILLISECONDS);
                if (event != null) {
                    write(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeFile();
        }
    }

    private void write(Event event) {
        byte[] line = (event.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (file != null && bytes > 0 && bytes + line.length > maxBytes) {
                rotate(file);
            }
            OutputStream to = openFile();
            if (torn) {
                to.write('\n');
                bytes++;
            }
            to.write(line);
            bytes += line.length;
            torn = false;
            failing = false;
        } catch (IOException e) {
            onFailure(e);
        }
    }

    /** Whatever was written in part is ended before the next line that can be written. */
    private void onFailure(IOException e) {
        lost.incrementAndGet();
        closeFile();
        torn = true;
        if (!failing) {
            failing = true;
            LOG.error(
                    "events.file: {} cannot be written ({}); events are counted as lost until it can; make room",
                    file,
                    e.getMessage());
        }
    }

    private OutputStream openFile() throws IOException {
        OutputStream open = out;
        if (open != null) {
            return open;
        }
        if (file == null) {
            open = standardOutput;
        } else {
            open = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            bytes = Files.size(file);
            torn = bytes > 0 && !endsALine(file, bytes);
        }
        out = open;
        return open;
    }

    /** Power that fails, or a disk that is full, leaves half a line, which must not swallow the next one. */
    private static boolean endsALine(Path file, long size) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(size - 1).read(last);
            return last.get(0) == '\n';
        }
    }

    private void rotate(Path full) throws IOException {
        closeFile();
        for (int i = keep - 1; i >= 1; i--) {
            Path older = numbered(full, i);
            if (Files.exists(older)) {
                Files.move(older, numbered(full, i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (keep > 0) {
            Files.move(full, numbered(full, 1), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(full);
        }
    }

    private static Path numbered(Path file, int number) {
        return file.resolveSibling(Objects.requireNonNull(file.getFileName()) + "." + number);
    }

    private void closeFile() {
        OutputStream open = out;
        out = null;
        bytes = 0;
        try {
            if (open != null && file != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.warn("events.file: {} could not be closed: {}", file, e.getMessage());
        }
    }

    /** Writes what waits, for two seconds at most, and closes the file. */
    public void close() throws InterruptedException {
        closing = true;
        thread.join(CLOSE_MS);
    }
}
