package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Shows a stream through a ring of fixed size whose records are contiguous; lends them until they are released in order.
 *
 * <p>Positions count up for ever; a position's place in memory is its remainder by the capacity. A record that would run
 * over the end of memory is moved to the beginning, once what lies there has been released.
 *
 * <p><b>Thread:</b> rx, except {@link #release} (egress).
 */
final class StreamWindow extends ByteWindow implements AutoCloseable {
    /** The largest record or block that can be shown in one piece: a frame of 256 KiB and its options. */
    static final int MAX_PIECE_BYTES = 1 << 20;

    /** More than two pieces are needed so that moving never waits for itself; the rest is room for a full ring of slots
     * at 1,500 bytes. Unmeasured. */
    private static final int CAPACITY_BYTES = 16 << 20;

    private static final long RING_FULL_PARK_NS = 50_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(CAPACITY_BYTES, 64);
    private final AtomicLong released = new AtomicLong();

    private @Nullable StreamPump pump;
    private long end;
    private long lapBase;
    private long discardOwed;
    private long positionOffset;
    private boolean ringFull;

    private long[] lentEnds = new long[1 << 12];
    private long lent;
    private long reclaimed;
    private long freeUpTo;

    /** Goes on with another stream; what was left of the one before is forgotten. */
    void attach(StreamPump next) {
        detach();
        at = end;
        positionOffset = -at;
        discardOwed = 0;
        pump = next;
        next.start();
    }

    /** Stops reading. What was lent stays. */
    void detach() {
        if (pump != null) {
            pump.stop();
            pump = null;
        }
    }

    @Override
    @HotPath
    MemorySegment memory() {
        return memory;
    }

    @Override
    boolean isFile() {
        return false;
    }

    @Override
    long remaining() {
        return end - at;
    }

    @Override
    long position() {
        return at + positionOffset;
    }

    @Override
    void discard(long bytes) {
        long here = Math.min(bytes, end - at);
        at += here;
        discardOwed += bytes - here;
    }

    @Override
    @HotPath
    int require(int bytes) throws IOException {
        ringFull = false;
        StreamPump source = pump;
        if (source == null) {
            return END;
        }
        while (discardOwed > 0) {
            int skipped = source.skip(discardOwed);
            if (skipped <= 0) {
                return skipped == 0 ? WAIT : END;
            }
            discardOwed -= skipped;
            positionOffset += skipped;
        }
        while (end - at < bytes) {
            long room = room(bytes);
            if (room <= 0) {
                ringFull = true;
                return WAIT;
            }
            int read = source.read(memory, end, room);
            if (read <= 0) {
                return read == 0 ? WAIT : END;
            }
            end += read;
        }
        return READY;
    }

    /** Bytes that may be written at {@link #end}, so that this many can be contiguous from the cursor. */
    @HotPath
    private long room(int bytes) {
        long free = free();
        if (at + bytes > CAPACITY_BYTES) {
            if (free < lapBase + bytes) {
                return 0;
            }
            moveToBeginning();
        }
        return Math.min(CAPACITY_BYTES - end, free + CAPACITY_BYTES - (lapBase + end));
    }

    @HotPath
    private void moveToBeginning() {
        long bytes = end - at;
        MemorySegment.copy(memory, at, memory, 0, bytes);
        positionOffset += at;
        lapBase += CAPACITY_BYTES;
        at = 0;
        end = bytes;
    }

    /** Everything before this position may be overwritten. */
    @HotPath
    private long free() {
        long back = released.getAcquire();
        if (back == lent) {
            freeUpTo = lapBase + at;
        } else if (back != reclaimed) {
            freeUpTo = lentEnds[(int) (back - 1) & lentEnds.length - 1];
        }
        reclaimed = back;
        return freeUpTo;
    }

    /** The record just consumed was lent: nothing up to the cursor is overwritten before as many were released. */
    @HotPath
    void lend() {
        if (lent - reclaimed == lentEnds.length) {
            makeRoomForLent();
        }
        lentEnds[(int) lent & lentEnds.length - 1] = lapBase + at;
        lent++;
    }

    /** Grows to the number of slots in the pipeline, once. */
    private void makeRoomForLent() {
        free();
        if (lent - reclaimed < lentEnds.length) {
            return;
        }
        long[] larger = Arrays.copyOf(lentEnds, lentEnds.length * 2);
        for (long i = reclaimed; i < lent; i++) {
            larger[(int) i & larger.length - 1] = lentEnds[(int) i & lentEnds.length - 1];
        }
        lentEnds = larger;
    }

    /** The oldest lent record is not needed any more. <b>Thread:</b> egress, the only writer of the count. */
    @HotPath
    void release() {
        released.setRelease(released.getPlain() + 1);
    }

    /** Waits a little for what the last {@link #WAIT} lacked: bytes, or room. */
    void await(long nanos) {
        StreamPump source = pump;
        if (ringFull || source == null) {
            LockSupport.parkNanos(RING_FULL_PARK_NS);
        } else {
            source.await(nanos);
        }
    }

    @Override
    public void close() {
        detach();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
