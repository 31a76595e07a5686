package io.breakwater.engine.limit;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** One real frame whose addresses are rewritten in place, so that millions of senders cost no memory. */
final class Senders {
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SOURCE_OFFSET = 14 + 12;
    private static final int DESTINATION_OFFSET = 14 + 16;

    private final FrameSlot slot = PacketBuilder.ethernet()
            .ipv4("198.18.0.1", "203.0.113.5")
            .udp(53, 40_000)
            .payloadBytes(100)
            .decoded();

    /** The frame as sent by this IPv4 address, decoded. */
    FrameSlot from(int address) {
        slot.region().set(INT_BE, slot.offset() + SOURCE_OFFSET, address);
        FrameDecoder.decode(slot);
        return slot;
    }

    /** The frame as sent to this IPv4 address, decoded. */
    FrameSlot to(int address) {
        slot.region().set(INT_BE, slot.offset() + DESTINATION_OFFSET, address);
        FrameDecoder.decode(slot);
        return slot;
    }
}
