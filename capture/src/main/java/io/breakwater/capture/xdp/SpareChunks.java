package io.breakwater.capture.xdp;

import io.breakwater.engine.HotPath;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free chunks that FILL does not have: a stack, so that the one that is still in a cache is used first.
 *
 * <p><b>Thread:</b> rx; {@link #addresses} any.
 */
final class SpareChunks {
    private final long[] chunks;
    /** For the census alone. */
    private final AtomicInteger published = new AtomicInteger();

    private int count;

    /** Room for this many chunks. */
    SpareChunks(int capacity) {
        chunks = new long[capacity];
    }

    @HotPath
    void put(long chunk) {
        chunks[count++] = chunk;
    }

    @HotPath
    int count() {
        return count;
    }

    /** There must be one. */
    @HotPath
    long take() {
        return chunks[--count];
    }

    /** Shows the census what is there. */
    @HotPath
    void publish() {
        published.setRelease(count);
    }

    /** Which chunks; exact only at rest. */
    long[] addresses() {
        return Arrays.copyOf(chunks, published.getAcquire());
    }

    /** Empty again; only while rx is not at work. */
    void reset() {
        count = 0;
        published.set(0);
    }
}
