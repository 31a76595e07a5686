package io.breakwater.engine.tap;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import java.lang.foreign.MemorySegment;

/** Frames for the taps' stress tests. */
final class TapFrames {
    private static final int FRAME_BYTES = 60;

    private TapFrames() {}

    /** A decoded inbound IPv4 frame without a payload, whose last byte and last octet of the source are {@code mark}. */
    static FrameSlot marked(int mark) {
        byte[] frame = new byte[FRAME_BYTES];
        frame[12] = 8; // EtherType 0x0800
        frame[14] = 0x45;
        frame[17] = 20;
        frame[29] = (byte) mark;
        frame[FRAME_BYTES - 1] = (byte) mark;
        FrameSlot slot = new FrameSlot(0);
        slot.wrap(MemorySegment.ofArray(frame), 0, frame.length, frame.length, LinkLayer.ETHERNET, 0);
        slot.lane(Lane.INBOUND);
        FrameDecoder.decode(slot);
        return slot;
    }
}
