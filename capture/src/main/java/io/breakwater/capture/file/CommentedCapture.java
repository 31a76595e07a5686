package io.breakwater.capture.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A pcapng file of Ethernet frames, each with a comment. At any moment it ends where a record ends.
 *
 * <p><b>Thread:</b> one at a time.
 */
public final class CommentedCapture implements AutoCloseable {
    /** LINKTYPE_ETHERNET (www.tcpdump.org/linktypes.html). */
    private static final int ETHERNET = 1;

    private final OutputFile out;
    private final PcapngEncoder encoder;

    private CommentedCapture(OutputFile out) throws IOException {
        this.out = out;
        this.encoder = new PcapngEncoder(out);
    }

    /**
     * Creates a file that does not exist yet.
     *
     * @throws IOException if it exists, or cannot be created
     */
    public static CommentedCapture create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return new CommentedCapture(new OutputFile(channel, true));
    }

    /**
     * Adds a frame; it is in the file after {@link #flush}.
     *
     * @param frame what was captured of it
     * @param original its length on the wire in bytes
     * @param timestampNs nanoseconds since the epoch
     * @param comment one line for people
     */
    public void put(MemorySegment frame, int original, long timestampNs, String comment) throws IOException {
        MemorySegment said = MemorySegment.ofArray(comment.getBytes(StandardCharsets.UTF_8));
        encoder.put(frame, original, ETHERNET, timestampNs, said);
    }

    /** Bytes so far. */
    public long size() {
        return out.size();
    }

    /**
     * Writes what was added.
     *
     * @throws IOException if it cannot; the file is as after the last flush then, and more may be added
     */
    public void flush() throws IOException {
        out.drain();
    }

    /** Closes the file; {@link #flush} first. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
