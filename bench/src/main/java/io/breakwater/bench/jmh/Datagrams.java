package io.breakwater.bench.jmh;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Inbound IPv4 UDP frames of 60 bytes in a batch of slots, rewritten and decoded for each use: so many that differ would
 * not fit a cache themselves.
 */
final class Datagrams {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int BYTES = 60;
    private static final int STRIDE = 64;
    private static final int IP = 14;
    private static final int IP_BYTES = 20;
    private static final int MORE_FRAGMENTS = 0x2000;
    /** Of a second fragment behind 1,480 bytes, in units of eight. */
    private static final int OFFSET = 185;

    /** An odd factor permutes the numbers below a power of two: neighbours in time are none in a table. */
    private static final int SCATTER = 0x1E3779B1;

    private final MemorySegment memory;
    private final FrameSlot[] slots;

    /** So many slots, with frames from 16.0.0.0 to 203.0.113.5. */
    Datagrams(int count) {
        memory = MemorySegment.ofArray(new byte[count * STRIDE]);
        slots = new FrameSlot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new FrameSlot(i);
            slots[i].lane(Lane.INBOUND);
            write(i * STRIDE);
        }
    }

    private void write(int at) {
        memory.set(SHORT, at + 12, (short) 0x0800);
        memory.set(BYTE, at + IP, (byte) 0x45);
        memory.set(SHORT, at + IP + 2, (short) (BYTES - IP));
        memory.set(BYTE, at + IP + 8, (byte) 64);
        memory.set(BYTE, at + IP + 9, (byte) 17);
        memory.set(INT, at + IP + 12, 0x1000_0000);
        memory.set(INT, at + IP + 16, 0xCB00_7105);
        memory.set(SHORT, at + IP + IP_BYTES, (short) 443);
        memory.set(SHORT, at + IP + IP_BYTES + 2, (short) 40_000);
        memory.set(SHORT, at + IP + IP_BYTES + 4, (short) (BYTES - IP - IP_BYTES));
    }

    FrameSlot[] slots() {
        return slots;
    }

    /** Slot {@code i} now holds a frame of this source, of a power of two that there are. */
    FrameSlot from(int i, int number, int sources) {
        memory.set(INT, i * STRIDE + IP + 12, 0x1000_0000 + scattered(number, sources));
        return decoded(i);
    }

    /** Slot {@code i} now holds a fragment of this datagram, the first or a later one. */
    FrameSlot fragment(int i, int number, int datagrams, boolean first) {
        int datagram = scattered(number, datagrams);
        int at = i * STRIDE + IP;
        memory.set(SHORT, at + 4, (short) datagram);
        memory.set(SHORT, at + 6, (short) (first ? MORE_FRAGMENTS : OFFSET));
        memory.set(INT, at + 12, 0x1000_0000 + (datagram >>> Short.SIZE));
        return decoded(i);
    }

    private static int scattered(int number, int of) {
        return number * SCATTER & of - 1;
    }

    private FrameSlot decoded(int i) {
        FrameSlot slot = slots[i];
        slot.wrap(memory, (long) i * STRIDE, BYTES, BYTES, LinkLayer.ETHERNET, 0);
        FrameDecoder.decode(slot);
        return slot;
    }
}
