package io.breakwater.capture.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Writes frames in one file format; the file's header goes before the first of them. */
sealed interface RecordEncoder permits PcapEncoder, PcapngEncoder {
    /**
     * Whether a frame can be put without loss.
     *
     * @param link link type and FCS length, see {@link FrameTag#link}
     * @param timestampNs nanoseconds since the epoch
     */
    boolean holds(int link, long timestampNs);

    /**
     * Writes a frame that the file {@link #holds}.
     *
     * @param captured bytes at {@code offset}, FCS included; 0–262,144
     * @param original original length, unsigned
     */
    void put(MemorySegment region, long offset, int captured, int original, int link, long timestampNs)
            throws IOException;
}
