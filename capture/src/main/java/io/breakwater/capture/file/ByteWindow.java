package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A cursor over an input that shows the next bytes as one contiguous piece of memory.
 *
 * <p><b>Why</b> one abstraction for mapped files and streams: one parser per format serves both.
 *
 * <p><b>Thread:</b> rx.
 */
abstract class ByteWindow {
    /** The bytes asked for are there. */
    static final int READY = 0;
    /** Not yet: more has to arrive, or lent memory has to come back. */
    static final int WAIT = 1;
    /** The input ends before them. */
    static final int END = 2;

    private static final ValueLayout.OfInt INT_LE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT_LE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Offset in {@link #memory()} of the next unread byte. */
    protected long at;

    private boolean bigEndian;

    /** Where the bytes are; the same segment until the input ends. */
    abstract MemorySegment memory();

    /** {@link #READY}, {@link #WAIT} or {@link #END}; never blocks. At most {@link StreamWindow#MAX_PIECE_BYTES}. */
    abstract int require(int bytes) throws IOException;

    /** Bytes that are left, or have arrived: what an error message says when the input is cut short. */
    abstract long remaining();

    /** Bytes of the input before the cursor. */
    abstract long position();

    /** Passes over bytes that were not asked for; short inputs show at the next {@link #require}. */
    abstract void discard(long bytes);

    /** Whether the input has a name that other programs can read it by. */
    abstract boolean isFile();

    @HotPath
    final long at() {
        return at;
    }

    /** Consumes bytes that were {@link #READY}. */
    @HotPath
    final void advance(int bytes) {
        at += bytes;
    }

    final void bigEndian(boolean yes) {
        bigEndian = yes;
    }

    final boolean bigEndian() {
        return bigEndian;
    }

    /** The 32-bit number {@code offset} bytes from the cursor, in the input's byte order. */
    @HotPath
    final int i32(int offset) {
        int value = memory().get(INT_LE, at + offset);
        return bigEndian ? Integer.reverseBytes(value) : value;
    }

    /** The unsigned 16-bit number {@code offset} bytes from the cursor, in the input's byte order. */
    @HotPath
    final int u16(int offset) {
        short value = memory().get(SHORT_LE, at + offset);
        return Short.toUnsignedInt(bigEndian ? Short.reverseBytes(value) : value);
    }

    /** The unsigned byte {@code offset} bytes from the cursor. */
    @HotPath
    final int u8(int offset) {
        return memory().get(ValueLayout.JAVA_BYTE, at + offset) & 0xff;
    }
}
