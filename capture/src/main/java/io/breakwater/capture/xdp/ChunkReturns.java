package io.breakwater.capture.xdp;

import io.breakwater.engine.HotPath;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chunks on their way back from egress to rx, in order: a ring with one producer and one consumer.
 *
 * <p>It has room for every chunk of its lane, so it is never full. <b>Why:</b> only rx may write FILL.
 *
 * <p><b>Thread:</b> {@link #put} and {@link #publish} by egress; {@link #available}, {@link #take} and {@link #release}
 * by rx.
 */
final class ChunkReturns {
    private final long[] chunks;
    private final int mask;
    /** Release by egress after the chunks are stored, acquire by rx before it reads them. */
    private final AtomicInteger published = new AtomicInteger();
    /** For the census alone: the ring cannot overrun. */
    private final AtomicInteger taken = new AtomicInteger();

    private int putPosition;
    private int takePosition;

    /** Room for this many chunks, a power of two. */
    ChunkReturns(int capacity) {
        chunks = new long[capacity];
        mask = capacity - 1;
    }

    @HotPath
    void put(long chunk) {
        chunks[putPosition++ & mask] = chunk;
    }

    /** Shows rx everything that was put. */
    @HotPath
    void publish() {
        published.setRelease(putPosition);
    }

    /** Chunks that can be taken now. */
    @HotPath
    int available() {
        return published.getAcquire() - takePosition;
    }

    @HotPath
    long take() {
        return chunks[takePosition++ & mask];
    }

    /** Says how far rx has come. */
    @HotPath
    void release() {
        taken.setRelease(takePosition);
    }

    /** Chunks on their way; exact only at rest. */
    int pending() {
        return published.getAcquire() - taken.getAcquire();
    }

    /** Which chunks are on their way; exact only at rest. */
    long[] addresses() {
        int first = taken.getAcquire();
        long[] addresses = new long[pending()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = chunks[first + i & mask];
        }
        return addresses;
    }

    /** Empty again; only while neither thread is at work. */
    void reset() {
        putPosition = 0;
        takePosition = 0;
        published.set(0);
        taken.set(0);
    }
}
