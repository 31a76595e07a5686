package io.breakwater.capture.nativeaccess;

import static io.breakwater.capture.nativeaccess.RingMemory.POSITION;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.breakwater.engine.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * A ring that the kernel fills and we empty: RX (descriptors) or COMPLETION (addresses).
 *
 * <p><b>Thread:</b> one owner; {@link #pending()} by any.
 */
public final class ConsumerRing {

    private final RingMemory ring;
    private final MemorySegment memory;
    private final long producerOffset;
    private final long consumerOffset;
    private final long entriesOffset;
    private final int mask;
    private int position;
    private int released;

    ConsumerRing(RingMemory ring) {
        this.ring = ring;
        memory = ring.memory();
        producerOffset = ring.producerOffset();
        consumerOffset = ring.consumerOffset();
        entriesOffset = ring.entriesOffset();
        mask = ring.size() - 1;
    }

    /** Entries that can be taken now. One acquire load: what the kernel wrote before it moved the position is seen. */
    @HotPath
    public int available() {
        return (int) POSITION.getAcquire(memory, producerOffset) - position;
    }

    /** The address in the next RX entry (struct xdp_desc). */
    @HotPath
    public long frameAddress() {
        return memory.get(JAVA_LONG, entriesOffset + 16L * (position & mask));
    }

    /** The frame's length in the next RX entry. */
    @HotPath
    public int frameLength() {
        return memory.get(JAVA_INT, entriesOffset + 16L * (position & mask) + 8);
    }

    /** The address in the next COMPLETION entry. */
    @HotPath
    public long address() {
        return memory.get(JAVA_LONG, entriesOffset + 8L * (position & mask));
    }

    /** Steps behind the entry that was read. */
    @HotPath
    public void advance() {
        position++;
    }

    /** Gives the kernel the places of all entries that were stepped over. */
    @HotPath
    public void release() {
        if (released != position) {
            released = position;
            POSITION.setRelease(memory, consumerOffset, position);
        }
    }

    /** Entries in the ring now: 0 to its size. Any thread. */
    public int pending() {
        return ring.pending();
    }

    /** The address in each entry, in order; exact only at rest. */
    public long[] addresses() {
        return ring.addresses();
    }
}
