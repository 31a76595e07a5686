package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the next frame of a capture. After {@link #FRAME} its fields describe that frame until the next call.
 *
 * <p><b>Thread:</b> rx.
 */
abstract class RecordParser {
    /** A frame was found and consumed. */
    static final int FRAME = 0;
    /** Nothing yet; call again when more has arrived. */
    static final int WAIT = 1;
    /** Something that is no frame was consumed. */
    static final int OTHER = 2;
    /** The input ended where a record may end. */
    static final int END = 3;

    /**
     * Most bytes of one frame: libpcap's MAXIMUM_SNAPLEN (pcap-int.h) and Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD. A
     * record that claims more is damage, not a frame.
     */
    static final int MAX_CAPTURED_BYTES = 262_144;

    protected final ByteWindow window;
    protected final String name;

    /** Offset of the frame's first byte in the window's memory. */
    protected long frameOffset;

    protected int captured;
    /** Original length as the record says; unsigned. */
    protected int original;

    protected long timestampNs;
    protected CaptureLink link = CaptureLink.UNKNOWN;
    protected @Nullable CaptureLink firstLink;
    protected long frames;

    RecordParser(String name, ByteWindow window) {
        this.name = name;
        this.window = window;
    }

    /** {@link #FRAME}, {@link #WAIT}, {@link #OTHER} or {@link #END}. */
    abstract int next() throws IOException;

    @HotPath
    final long frameOffset() {
        return frameOffset;
    }

    @HotPath
    final int captured() {
        return captured;
    }

    @HotPath
    final int original() {
        return original;
    }

    @HotPath
    final long timestampNs() {
        return timestampNs;
    }

    /** The interface that the frame came from. */
    @HotPath
    final CaptureLink link() {
        return link;
    }

    /** The input's first interface, or null while none is known. */
    final @Nullable CaptureLink firstLink() {
        return firstLink;
    }

    /** Frames found so far. */
    final long frames() {
        return frames;
    }

    @HotPath
    static boolean believable(int capturedBytes) {
        return Integer.compareUnsigned(capturedBytes, MAX_CAPTURED_BYTES) <= 0;
    }

    /** The input ends inside the record at the cursor. */
    final CaptureException cutShort(String record, long needed) {
        String next = window.isFile()
                ? "copy the file again, or repair it with: editcap " + name + " REPAIRED"
                : "look at what the sending program says";
        String problem = "%s: cut short at byte %d: %s needs %,d bytes and has %,d; %s before it; %s"
                .formatted(
                        name,
                        window.position() + window.remaining(),
                        record,
                        needed,
                        window.remaining(),
                        readSoFar(),
                        next);
        return new CaptureException(List.of(problem), CaptureException.Kind.CUT_SHORT);
    }

    /** The record at the cursor cannot be true. */
    final CaptureException damaged(String what) {
        String next = window.isFile() && frames > 0
                ? "keep what is before it with: editcap -r %s REPAIRED 1-%d".formatted(name, frames)
                : "capture again";
        return new CaptureException("%s: damaged at byte %d: %s; %s before it, nothing behind it can be; %s"
                .formatted(name, window.position(), what, readSoFar(), next));
    }

    private String readSoFar() {
        return frames == 1 ? "1 frame was read" : "%,d frames were read".formatted(frames);
    }

    /** The file header asks for something that is not known. */
    final CaptureException refused(String what) {
        return new CaptureException(name + ": " + what);
    }
}
