package io.breakwater.capture.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Builds the bytes of capture files field by field, right or wrong. */
final class CaptureBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteOrder order;

    private CaptureBytes(ByteOrder order) {
        this.order = order;
    }

    static CaptureBytes of(ByteOrder order) {
        return new CaptureBytes(order);
    }

    static CaptureBytes littleEndian() {
        return of(ByteOrder.LITTLE_ENDIAN);
    }

    CaptureBytes i32(long value) {
        return raw(ByteBuffer.allocate(4).order(order).putInt((int) value).array());
    }

    CaptureBytes u16(int value) {
        return raw(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
    }

    CaptureBytes i64(long value) {
        return raw(ByteBuffer.allocate(8).order(order).putLong(value).array());
    }

    CaptureBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    CaptureBytes pad() {
        while (out.size() % 4 != 0) {
            out.write(0);
        }
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    int size() {
        return out.size();
    }

    // ---- Classic pcap.

    CaptureBytes pcapHeader(int magic, int linkWord) {
        return i32(magic).u16(2).u16(4).i32(0).i32(0).i32(65_535).i32(linkWord);
    }

    CaptureBytes pcapRecord(long seconds, long fraction, byte[] frame, long original) {
        return i32(seconds).i32(fraction).i32(frame.length).i32(original).raw(frame);
    }

    CaptureBytes modifiedRecord(long seconds, long fraction, byte[] frame, long original) {
        return i32(seconds)
                .i32(fraction)
                .i32(frame.length)
                .i32(original)
                .i32(3)
                .u16(8)
                .raw((byte) 4, (byte) 0)
                .raw(frame);
    }

    // ---- pcapng.

    CaptureBytes block(int type, CaptureBytes body) {
        byte[] padded = body.pad().bytes();
        return i32(type).i32(padded.length + 12).raw(padded).i32(padded.length + 12);
    }

    CaptureBytes body() {
        return new CaptureBytes(order);
    }

    CaptureBytes section() {
        return block(
                PcapngParser.SECTION_HEADER,
                body().i32(PcapngParser.BYTE_ORDER_MAGIC).u16(1).u16(0).i64(-1));
    }

    CaptureBytes option(int code, byte... value) {
        return u16(code).u16(value.length).raw(value).pad();
    }

    CaptureBytes interfaceBlock(int linkType, int snapLength, CaptureBytes options) {
        return block(1, body().u16(linkType).u16(0).i32(snapLength).raw(options.bytes()));
    }

    /** With resolution, offset and FCS length as options; those that are 0 (6 for the resolution) are left out. */
    CaptureBytes interfaceBlock(int linkType, int resolution, long offsetSeconds, int fcs) {
        CaptureBytes options = body().option(2, new byte[] {'e', 't', 'h', '0'});
        if (resolution != 6) {
            options.option(9, (byte) resolution);
        }
        if (offsetSeconds != 0) {
            options.option(14, body().i64(offsetSeconds).bytes());
        }
        if (fcs != 0) {
            options.option(13, (byte) fcs);
        }
        return interfaceBlock(linkType, 0, options.i32(0));
    }

    CaptureBytes enhanced(int interfaceId, long ticks, byte[] frame, long original) {
        return block(6, stamped(body().i32(interfaceId), ticks, frame, original));
    }

    CaptureBytes obsolete(int interfaceId, long ticks, byte[] frame, long original) {
        return block(2, stamped(body().u16(interfaceId).u16(7), ticks, frame, original));
    }

    private static CaptureBytes stamped(CaptureBytes begin, long ticks, byte[] frame, long original) {
        return begin.i32(ticks >>> 32)
                .i32(ticks)
                .i32(frame.length)
                .i32(original)
                .raw(frame);
    }

    CaptureBytes simple(byte[] frame, long original) {
        return block(3, body().i32(original).raw(frame));
    }

    /** A frame of the given length whose bytes are all different from the next one's. */
    static byte[] frame(int length, int seed) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (seed * 31 + i);
        }
        return frame;
    }
}
