package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * pcapng, one little-endian section with nanosecond stamps; an interface for each link type, and another for its frames
 * from before 1970, because stamps are unsigned.
 */
final class PcapngEncoder implements RecordEncoder {
    private static final int SECTION_HEADER_BYTES = 28;
    private static final int NANOSECONDS = 9;
    private static final int NO_SNAP_LENGTH = 0;
    private static final long SECTION_LENGTH_UNKNOWN = -1;
    private static final int COMMENT = 1;
    private static final int OPTION_HEADER = 4;
    private static final int OPTION_BYTES = 8;
    private static final int OFFSET_OPTION_BYTES = 12;
    /** No frame's interface: links have 24 bits, and this flag is above them. */
    private static final int BEFORE_1970 = 1 << 24;

    private static final int NONE = -1;

    /** Makes every negative 64-bit number of nanoseconds positive. */
    private static final long EARLY_OFFSET_SECONDS = Math.floorDiv(Long.MIN_VALUE, TickScale.NS_PER_SECOND);

    private final OutputFile out;
    private final Map<Integer, Integer> interfaces = new HashMap<>();
    private int lastKey = NONE;
    private int lastId;

    /** Begins the file. */
    PcapngEncoder(OutputFile out) throws IOException {
        this.out = out;
        out.beginRecord(SECTION_HEADER_BYTES);
        out.i32(PcapngParser.SECTION_HEADER);
        out.i32(SECTION_HEADER_BYTES);
        out.i32(PcapngParser.BYTE_ORDER_MAGIC);
        out.u16(1);
        out.u16(0);
        out.i64(SECTION_LENGTH_UNKNOWN);
        out.i32(SECTION_HEADER_BYTES);
    }

    @Override
    public boolean holds(int link, long timestampNs) {
        return true;
    }

    @Override
    @HotPath
    public void put(MemorySegment region, long offset, int captured, int original, int link, long timestampNs)
            throws IOException {
        begin(captured, original, link, timestampNs, 0);
        out.bytes(region, offset, captured, padded(captured));
        out.i32(blockLength(captured, 0));
    }

    /**
     * Writes a frame with a comment for people (opt_comment, draft-ietf-opsawg-pcapng, section 3.5).
     *
     * @param comment UTF-8, at most 65,535 bytes
     */
    void put(MemorySegment frame, int original, int link, long timestampNs, MemorySegment comment) throws IOException {
        int captured = (int) frame.byteSize();
        int said = (int) comment.byteSize();
        int options = OPTION_HEADER + padded(said) + Integer.BYTES;
        begin(captured, original, link, timestampNs, options);
        out.bytes(frame, 0, captured, padded(captured));
        out.u16(COMMENT);
        out.u16(said);
        out.bytes(comment, 0, said, padded(said));
        out.i32(InterfaceOptions.END_OF_OPTIONS);
        out.i32(blockLength(captured, options));
    }

    @HotPath
    private void begin(int captured, int original, int link, long timestampNs, int optionBytes) throws IOException {
        boolean early = timestampNs < 0;
        int key = early ? link | BEFORE_1970 : link;
        if (key != lastKey) {
            lastId = interfaceOf(key);
            lastKey = key;
        }
        // Wraps above 2^63, which is what an unsigned stamp is.
        long ticks = early ? timestampNs - EARLY_OFFSET_SECONDS * TickScale.NS_PER_SECOND : timestampNs;
        int length = blockLength(captured, optionBytes);
        out.beginRecord(length);
        out.i32(PcapngParser.ENHANCED_PACKET);
        out.i32(length);
        out.i32(lastId);
        out.i32((int) (ticks >>> Integer.SIZE));
        out.i32((int) ticks);
        out.i32(captured);
        out.i32(original);
    }

    private static int blockLength(int captured, int optionBytes) {
        return PcapngParser.ENHANCED_PACKET_DATA + padded(captured) + optionBytes + Integer.BYTES;
    }

    private static int padded(int bytes) {
        return bytes + 3 & ~3;
    }

    private int interfaceOf(int key) throws IOException {
        Integer known = interfaces.get(key);
        if (known != null) {
            return known;
        }
        int id = interfaces.size();
        interfaces.put(key, id);
        describe(key);
        return id;
    }

    private void describe(int key) throws IOException {
        int fcs = FrameTag.fcsEach(key);
        boolean early = (key & BEFORE_1970) != 0;
        int length = PcapngParser.BLOCK_OVERHEAD + 8 + OPTION_BYTES + Integer.BYTES;
        length += fcs == 0 ? 0 : OPTION_BYTES;
        length += early ? OFFSET_OPTION_BYTES : 0;
        out.beginRecord(length);
        out.i32(PcapngParser.INTERFACE_DESCRIPTION);
        out.i32(length);
        out.u16(FrameTag.linkType(key));
        out.u16(0);
        out.i32(NO_SNAP_LENGTH);
        byteOption(InterfaceOptions.TSRESOL, NANOSECONDS);
        if (fcs != 0) {
            byteOption(InterfaceOptions.FCSLEN, InterfaceOptions.fcsOption(fcs));
        }
        if (early) {
            out.u16(InterfaceOptions.TSOFFSET);
            out.u16(Long.BYTES);
            out.i64(EARLY_OFFSET_SECONDS);
        }
        out.i32(InterfaceOptions.END_OF_OPTIONS);
        out.i32(length);
    }

    /** An option of one byte, with its padding. */
    private void byteOption(int code, int value) {
        out.u16(code);
        out.u16(1);
        out.i32(value);
    }
}
