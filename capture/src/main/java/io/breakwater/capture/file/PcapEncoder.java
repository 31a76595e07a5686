package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Nanosecond pcap, little-endian: frames of one link type, stamped from 1970 to 2106. */
final class PcapEncoder implements RecordEncoder {
    private static final long END_OF_TIME_NS = (1L << Integer.SIZE) * TickScale.NS_PER_SECOND;
    /** The FCS length is 4 bits that count 16-bit words. */
    private static final int MAX_FCS_BYTES = 30;

    private final OutputFile out;
    private final int link;

    /** Begins the file. */
    PcapEncoder(OutputFile out, int link) throws IOException {
        this.out = out;
        this.link = link;
        out.beginRecord(PcapParser.FILE_HEADER_BYTES);
        out.i32(PcapParser.NANOSECOND_MAGIC);
        out.u16(PcapParser.MAJOR);
        out.u16(PcapParser.MINOR);
        out.i64(0);
        out.i32(RecordParser.MAX_CAPTURED_BYTES);
        int fcs = FrameTag.fcsEach(link);
        int fcsBits = fcs == 0 ? 0 : PcapParser.FCS_LENGTH_GIVEN | fcs / 2 << PcapParser.FCS_LENGTH_SHIFT;
        out.i32(fcsBits | FrameTag.linkType(link));
    }

    /** Whether a file can begin with this frame. */
    static boolean canBegin(int link, long timestampNs) {
        int fcs = FrameTag.fcsEach(link);
        return fcs % 2 == 0 && fcs <= MAX_FCS_BYTES && timestampNs >= 0 && timestampNs < END_OF_TIME_NS;
    }

    @Override
    @HotPath
    public boolean holds(int frameLink, long timestampNs) {
        return frameLink == link && timestampNs >= 0 && timestampNs < END_OF_TIME_NS;
    }

    @Override
    @HotPath
    public void put(MemorySegment region, long offset, int captured, int original, int frameLink, long timestampNs)
            throws IOException {
        out.beginRecord(PcapParser.RECORD_HEADER_BYTES + captured);
        out.i32((int) (timestampNs / TickScale.NS_PER_SECOND));
        out.i32((int) (timestampNs % TickScale.NS_PER_SECOND));
        out.i32(captured);
        out.i32(original);
        out.bytes(region, offset, captured, captured);
    }
}
