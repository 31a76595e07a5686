package io.breakwater.capture.file;

import io.breakwater.engine.frame.FrameSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * A frame as a slot named it, copied.
 *
 * @param bytes captured bytes as hex, without frame check sequence
 * @param fcs captured bytes of frame check sequence as hex
 * @param original original length as the file says it, unsigned
 */
record ReadFrame(
        int linkType,
        int linkLayer,
        int fcsEach,
        String bytes,
        String fcs,
        int length,
        long original,
        long timestampNs) {

    static ReadFrame of(FrameSlot slot) {
        long tag = slot.sourceTag();
        int captured = slot.capturedLength();
        return new ReadFrame(
                FrameTag.linkType(tag),
                slot.linkLayer(),
                FrameTag.fcsEach(tag),
                hex(slot.region(), slot.offset(), captured),
                hex(slot.region(), slot.offset() + captured, FrameTag.fcsHere(tag)),
                slot.length(),
                Integer.toUnsignedLong(FrameTag.originalLength(tag)),
                slot.timestampNs());
    }

    private static String hex(MemorySegment region, long offset, int length) {
        return HexFormat.of().formatHex(region.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
