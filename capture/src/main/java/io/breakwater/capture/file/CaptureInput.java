package io.breakwater.capture.file;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One input of a replay, checked but not yet read.
 *
 * @param name for messages
 * @param mapped reads a regular file; null for a stream
 * @param stream opens a stream; null for a regular file
 * @param sizeBytes of a regular file; 0 for a stream
 */
record CaptureInput(String name, @Nullable RecordParser mapped, StreamPump.@Nullable Opener stream, long sizeBytes) {
    static final String STANDARD_INPUT = "-";

    /**
     * Finds out what the input is. Regular files are mapped and their header is read; a pipe's is read when its turn comes.
     *
     * @param arena that the mapping lives in
     * @throws CaptureException if it is missing, not readable or no capture
     */
    static CaptureInput open(String input, InputStream standardInput, Arena arena) throws CaptureException {
        if (input.equals(STANDARD_INPUT)) {
            return new CaptureInput("standard input", null, () -> leftOpen(standardInput), 0);
        }
        try {
            Path path = Path.of(input);
            if (Files.isDirectory(path)) {
                throw new CaptureException(input + ": a directory; give the captures in it one by one, each with -i");
            }
            if (Files.isRegularFile(path)) {
                return map(input, path, arena);
            }
            if (!Files.exists(path)) {
                throw new CaptureException(input + ": there is no such file; check the path given with -i");
            }
            return new CaptureInput(input, null, () -> new FileInputStream(path.toFile()), 0);
        } catch (CaptureException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            throw new CaptureException(input + ": cannot be read: " + OpenProblem.reason(e));
        }
    }

    /** Standard input belongs to the process, not to this reader. */
    private static InputStream leftOpen(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {}
        };
    }

    private static CaptureInput map(String input, Path path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            MappedWindow window =
                    new MappedWindow(size == 0 ? MemorySegment.NULL : channel.map(MapMode.READ_ONLY, 0, size, arena));
            RecordParser parser = detect(input, window);
            if (parser == null) {
                throw new IllegalStateException("a mapped file never waits");
            }
            readHeader(parser);
            return new CaptureInput(input, parser, null, size);
        } catch (InternalError e) {
            throw changed(input);
        }
    }

    /** One that is cut short is said when its turn comes: what the other inputs hold is still worth reading. */
    private static void readHeader(RecordParser parser) throws IOException {
        try {
            parser.next();
        } catch (CaptureException e) {
            if (!e.isCutShort()) {
                throw e;
            }
        }
    }

    /** A page of a mapped file is gone: it was truncated, or its disk failed. */
    static CaptureException changed(String name) {
        return new CaptureException(name
                + ": became shorter (or unreadable) while it was read; wait until its writer is done, then run again");
    }

    /** The parser for what the input begins with, or null if too little has arrived to know. */
    static @Nullable RecordParser detect(String name, ByteWindow window) throws IOException {
        int state = window.require(Integer.BYTES);
        if (state != ByteWindow.READY) {
            if (state == ByteWindow.WAIT) {
                return null;
            }
            throw OpenProblem.empty(name, window);
        }
        window.bigEndian(false);
        int magic = window.i32(0);
        if (PcapParser.isMagic(magic)) {
            return new PcapParser(name, window);
        }
        if (magic == PcapngParser.SECTION_HEADER) {
            return new PcapngParser(name, window);
        }
        throw OpenProblem.noCapture(name, window);
    }
}
