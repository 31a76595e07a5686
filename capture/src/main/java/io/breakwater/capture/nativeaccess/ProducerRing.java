package io.breakwater.capture.nativeaccess;

import static io.breakwater.capture.nativeaccess.RingMemory.POSITION;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.breakwater.engine.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * A ring that we fill and the kernel empties: FILL (addresses) or TX (descriptors).
 *
 * <p>Entries are written plainly and handed over together by one release store of the position; how far the kernel came
 * is read by one acquire load, and only when the ring seems full.
 *
 * <p><b>Thread:</b> one owner; {@link #pending()} by any.
 */
public final class ProducerRing {
    private static final int NEED_WAKEUP = 1; // XDP_RING_NEED_WAKEUP

    private final RingMemory ring;
    private final MemorySegment memory;
    private final long producerOffset;
    private final long consumerOffset;
    private final long entriesOffset;
    private final long flagsOffset;
    private final int size;
    private final int mask;
    private int position;
    private int submitted;
    private int consumed;

    ProducerRing(RingMemory ring) {
        this.ring = ring;
        memory = ring.memory();
        producerOffset = ring.producerOffset();
        consumerOffset = ring.consumerOffset();
        entriesOffset = ring.entriesOffset();
        flagsOffset = ring.flagsOffset();
        size = ring.size();
        mask = size - 1;
    }

    /** Whether one more entry can be put in. */
    @HotPath
    public boolean hasRoom() {
        if (position - consumed < size) {
            return true;
        }
        consumed = (int) POSITION.getAcquire(memory, consumerOffset);
        return position - consumed < size;
    }

    /** Puts a chunk into FILL; only when there is room. */
    @HotPath
    public void putAddress(long address) {
        memory.set(JAVA_LONG, entriesOffset + 8L * (position & mask), address);
        position++;
    }

    /** Puts a frame into TX (struct xdp_desc); only when there is room. */
    @HotPath
    public void putFrame(long address, int length) {
        long at = entriesOffset + 16L * (position & mask);
        memory.set(JAVA_LONG, at, address);
        memory.set(JAVA_INT, at + 8, length);
        memory.set(JAVA_INT, at + 12, 0);
        position++;
    }

    /** Hands over everything that was put in. */
    @HotPath
    public void submit() {
        if (submitted != position) {
            submitted = position;
            POSITION.setRelease(memory, producerOffset, position);
        }
    }

    /** Entries in the ring now: 0 to its size. Any thread. */
    public int pending() {
        return ring.pending();
    }

    /** Whether the kernel takes nothing until a system call tells it to. */
    @HotPath
    public boolean needsWakeup() {
        return ((int) POSITION.getVolatile(memory, flagsOffset) & NEED_WAKEUP) != 0;
    }

    /** The address in each entry, in order; exact only at rest. */
    public long[] addresses() {
        return ring.addresses();
    }
}
