package io.breakwater.engine.tap;

import java.lang.foreign.MemorySegment;

/**
 * The copy of one dropped frame. Reused: valid only while the consumer is called.
 *
 * <p><b>Thread:</b> the control thread that drains.
 */
public final class DroppedFrame {
    static final int REASON = 0;
    static final int TIMESTAMP_NS = 1;
    static final int CAPTURED = 2;
    static final int LENGTH = 3;
    static final int LINK_LAYER = 4;
    static final int LANE = 5;
    static final int WORDS = 6;

    private final long[] words;
    private final MemorySegment bytes;
    private int at;
    private long offset;

    DroppedFrame(long[] words, MemorySegment bytes) {
        this.words = words;
        this.bytes = bytes;
    }

    DroppedFrame wrap(int at) {
        this.at = at;
        this.offset = (long) at / WORDS * DropTap.SNAP_BYTES;
        return this;
    }

    /** Why it was dropped. */
    public int reason() {
        return (int) words[at + REASON];
    }

    /** When it arrived, nanoseconds since the epoch, or 0. */
    public long timestampNs() {
        return words[at + TIMESTAMP_NS];
    }

    /** Bytes that were copied. */
    public int capturedLength() {
        return (int) words[at + CAPTURED];
    }

    /** Bytes on the wire. */
    public int length() {
        return (int) words[at + LENGTH];
    }

    /** One of {@code LinkLayer}. */
    public int linkLayer() {
        return (int) words[at + LINK_LAYER];
    }

    public boolean inbound() {
        return words[at + LANE] == 0;
    }

    /** The copied bytes. */
    public MemorySegment bytes() {
        return bytes.asSlice(offset, capturedLength());
    }
}
