package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Little-endian numbers and frames, gathered into large writes that hold whole records only: a file that is left at any
 * moment ends where a record ends.
 *
 * <p><b>Thread:</b> egress.
 */
final class OutputFile implements AutoCloseable {
    /** Four of the largest records, hundreds of usual ones. Unmeasured. */
    private static final int BUFFER_BYTES = 1 << 20;

    private static final ValueLayout.OfInt INT_LE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT_LE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final FileChannel channel;
    private final boolean regular;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BUFFER_BYTES, 64);
    private final ByteBuffer bytes = memory.asByteBuffer();
    private int used;
    private long written;

    /** @param regular whether it can be truncated: no pipe, no device */
    OutputFile(FileChannel channel, boolean regular) {
        this.channel = channel;
        this.regular = regular;
    }

    /** Bytes that were written, without those that wait in the buffer. */
    long written() {
        return written;
    }

    /** Bytes of all records, those in the buffer too. */
    long size() {
        return written + used;
    }

    /** Makes room for a whole record of at most {@link #BUFFER_BYTES}. */
    @HotPath
    void beginRecord(int recordBytes) throws IOException {
        if (used + recordBytes > BUFFER_BYTES) {
            drain();
        }
    }

    @HotPath
    void i32(int value) {
        memory.set(INT_LE, used, value);
        used += Integer.BYTES;
    }

    @HotPath
    void u16(int value) {
        memory.set(SHORT_LE, used, (short) value);
        used += Short.BYTES;
    }

    @HotPath
    void i64(long value) {
        i32((int) value);
        i32((int) (value >>> Integer.SIZE));
    }

    /** Copies bytes, then pads with zeros to {@code padded} bytes. */
    @HotPath
    void bytes(MemorySegment region, long offset, int length, int padded) {
        MemorySegment.copy(region, offset, memory, used, length);
        for (int i = length; i < padded; i++) {
            memory.set(ValueLayout.JAVA_BYTE, (long) used + i, (byte) 0);
        }
        used += padded;
    }

    /** Writes the buffer out. If that fails, the file is cut back to the records it held before. */
    void drain() throws IOException {
        bytes.limit(used).position(0);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            cutBack(e);
            throw e;
        }
        written += used;
        used = 0;
    }

    private void cutBack(IOException cause) {
        used = 0;
        if (regular) {
            try {
                channel.truncate(written);
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Closes without writing what is still in the buffer; {@link #drain} first. */
    @Override
    public void close() throws IOException {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        channel.close();
    }
}
