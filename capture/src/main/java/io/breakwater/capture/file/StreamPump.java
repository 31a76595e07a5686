package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own and hands the bytes over in a fixed number of chunks.
 *
 * <p><b>Why</b> a thread: a read from a quiet pipe blocks for as long as it likes and cannot be interrupted; the rx thread
 * must be able to publish what it has, and to stop.
 *
 * <p><b>Thread:</b> {@code capture-reader} fills chunks; all other methods belong to rx. Full queue: it stops reading, the
 * pipe fills, the sender waits.
 */
final class StreamPump {
    /** Opens the stream; may block (a FIFO waits for its writer). */
    @FunctionalInterface
    interface Opener {
        InputStream open() throws IOException;
    }

    /** A Linux pipe holds 64 KiB (pipe(7)), so one read seldom gives more. Number of chunks: unmeasured. */
    private static final int CHUNK_BYTES = 1 << 16;

    private static final int CHUNKS = 16;
    private static final int END_OF_STREAM = -1;

    private final String name;
    private final Opener opener;
    private final BlockingQueue<Chunk> empty = new ArrayBlockingQueue<>(CHUNKS);
    private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS + 1);
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable String failure;
    private @Nullable Chunk current;

    private static final class Chunk {
        private final byte[] bytes = new byte[CHUNK_BYTES];
        private int length;
        private int read;
    }

    StreamPump(String name, Opener opener) {
        this.name = name;
        this.opener = opener;
        for (int i = 0; i < CHUNKS; i++) {
            empty.add(new Chunk());
        }
        thread = Thread.ofPlatform().daemon().name("capture-reader").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Lets the thread go. One that is blocked in a read ends with that read; it is a daemon and holds nothing else. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private void run() {
        try (InputStream in = opener.open()) {
            pump(in);
        } catch (IOException | RuntimeException e) {
            failure = name + ": cannot be read: " + OpenProblem.reason(e);
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(InputStream in) throws IOException, InterruptedException {
        int length = 0;
        while (!stopped && length >= 0) {
            Chunk chunk = empty.take();
            length = in.read(chunk.bytes);
            if (length < 0) {
                end();
            } else {
                chunk.read = 0;
                chunk.length = length;
                full.put(chunk);
            }
        }
    }

    private void end() {
        Chunk last = new Chunk();
        last.length = END_OF_STREAM;
        full.add(last);
    }

    /**
     * Copies bytes that have arrived.
     *
     * @return how many, at most {@code limit}; 0 if none are there; -1 at the end of the stream
     */
    @HotPath
    int read(MemorySegment target, long offset, long limit) throws CaptureException {
        Chunk chunk = arrived();
        if (chunk == null || chunk.length < 0) {
            return chunk == null ? 0 : ended();
        }
        int bytes = (int) Math.min(limit, chunk.length - chunk.read);
        MemorySegment.copy(chunk.bytes, chunk.read, target, ValueLayout.JAVA_BYTE, offset, bytes);
        consume(chunk, bytes);
        return bytes;
    }

    /** As {@link #read}, but throws the bytes away. */
    @HotPath
    int skip(long limit) throws CaptureException {
        Chunk chunk = arrived();
        if (chunk == null || chunk.length < 0) {
            return chunk == null ? 0 : ended();
        }
        int bytes = (int) Math.min(limit, chunk.length - chunk.read);
        consume(chunk, bytes);
        return bytes;
    }

    /** Waits until something has arrived, at most this long. */
    void await(long nanos) {
        if (current == null) {
            try {
                current = full.poll(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable Chunk arrived() {
        if (current == null) {
            current = full.poll();
        }
        return current;
    }

    private int ended() throws CaptureException {
        String problem = failure;
        if (problem != null) {
            throw new CaptureException(problem);
        }
        return END_OF_STREAM;
    }

    private void consume(Chunk chunk, int bytes) {
        chunk.read += bytes;
        if (chunk.read == chunk.length) {
            current = null;
            empty.add(chunk);
        }
    }
}
