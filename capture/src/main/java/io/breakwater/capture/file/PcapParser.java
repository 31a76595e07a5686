package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;

/**
 * Classic pcap (draft-ietf-opsawg-pcap, version 2.4), either byte order, micro- or nanoseconds.
 *
 * <pre>
 * file header, 24 bytes: magic | major, minor | zone | accuracy | snap length | FCS and link type
 * record header:         seconds | fraction | captured length | original length   (then 8 bytes more in "modified" pcap)
 * </pre>
 */
final class PcapParser extends RecordParser {
    static final int MICROSECOND_MAGIC = 0xa1b2c3d4;
    static final int NANOSECOND_MAGIC = 0xa1b23c4d;
    /** A. Kuznetzov's patch of libpcap: interface, protocol and packet type follow each record header. */
    static final int MODIFIED_MAGIC = 0xa1b2cd34;

    static final int FILE_HEADER_BYTES = 24;
    static final int RECORD_HEADER_BYTES = 16;
    static final int MAJOR = 2;
    static final int MINOR = 4;

    /** The link-type word: FCS length in 16-bit words, whether it is given, reserved, link type (libpcap's pcap.h). */
    static final int FCS_LENGTH_SHIFT = 28;

    static final int FCS_LENGTH_GIVEN = 0x0400_0000;
    private static final int RESERVED = 0x03ff_0000;
    private static final int MODIFIED_EXTRA_BYTES = 8;
    private static final long U32 = 0xffff_ffffL;

    private int headerBytes = RECORD_HEADER_BYTES;
    private long nsPerFraction;
    private boolean started;

    PcapParser(String name, ByteWindow window) {
        super(name, window);
    }

    /** Whether the four bytes, read as little-endian, begin a pcap file of either byte order. */
    static boolean isMagic(int magic) {
        return isNative(magic) || isNative(Integer.reverseBytes(magic));
    }

    private static boolean isNative(int magic) {
        return magic == MICROSECOND_MAGIC || magic == NANOSECOND_MAGIC || magic == MODIFIED_MAGIC;
    }

    @Override
    @HotPath
    int next() throws IOException {
        if (!started) {
            return fileHeader();
        }
        int state = window.require(headerBytes);
        if (state != ByteWindow.READY) {
            return state == ByteWindow.WAIT ? WAIT : atEnd(headerBytes);
        }
        captured = window.i32(8);
        if (!believable(captured)) {
            throw unbelievable();
        }
        int recordBytes = headerBytes + captured;
        state = window.require(recordBytes);
        if (state != ByteWindow.READY) {
            return state == ByteWindow.WAIT ? WAIT : atEnd(recordBytes);
        }
        original = window.i32(12);
        timestampNs = (window.i32(0) & U32) * TickScale.NS_PER_SECOND + (window.i32(4) & U32) * nsPerFraction;
        frameOffset = window.at() + headerBytes;
        window.advance(recordBytes);
        frames++;
        return FRAME;
    }

    private int atEnd(int needed) throws CaptureException {
        if (window.remaining() == 0) {
            return END;
        }
        throw cutShort("record " + (frames + 1), needed);
    }

    private CaptureException unbelievable() {
        return damaged("record %d claims %,d captured bytes, more than %,d"
                .formatted(frames + 1, Integer.toUnsignedLong(captured), MAX_CAPTURED_BYTES));
    }

    private int fileHeader() throws IOException {
        int state = window.require(FILE_HEADER_BYTES);
        if (state == ByteWindow.WAIT) {
            return WAIT;
        }
        if (state == ByteWindow.END) {
            throw cutShort("the file header", FILE_HEADER_BYTES);
        }
        window.bigEndian(false);
        window.bigEndian(!isNative(window.i32(0)));
        int magic = window.i32(0);
        nsPerFraction = magic == NANOSECOND_MAGIC ? 1 : 1_000;
        headerBytes = RECORD_HEADER_BYTES + (magic == MODIFIED_MAGIC ? MODIFIED_EXTRA_BYTES : 0);
        checkVersion(window.u16(4), window.u16(6));
        link = linkOf(window.i32(20));
        firstLink = link;
        window.advance(FILE_HEADER_BYTES);
        started = true;
        return OTHER;
    }

    private void checkVersion(int major, int minor) throws CaptureException {
        if (major != MAJOR || minor != MINOR) {
            throw refused("pcap version %d.%d is not supported, only %d.%d; convert it with: tcpdump -r %s -w CONVERTED"
                    .formatted(major, minor, MAJOR, MINOR, name));
        }
    }

    private CaptureLink linkOf(int word) throws CaptureException {
        if ((word & RESERVED) != 0) {
            // As libpcap and Wireshark do: who knows what a writer means that sets them.
            throw refused(
                    "reserved bits of the link-type word are set (0x%08x): the file header is damaged; capture again"
                            .formatted(word));
        }
        int fcsBytes = (word & FCS_LENGTH_GIVEN) == 0 ? 0 : 2 * (word >>> FCS_LENGTH_SHIFT);
        return CaptureLink.of(word & 0xffff, fcsBytes, 0, CaptureLink.UNKNOWN.scale());
    }
}
