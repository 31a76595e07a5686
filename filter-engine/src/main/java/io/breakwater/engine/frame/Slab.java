package io.breakwater.engine.frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Off-heap memory for ports that must copy: one equal part per slot of the ring, set up once.
 *
 * <p><b>Thread:</b> the rx thread writes a part only while it owns the slot, so parts need no lock.
 */
public final class Slab implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int slotBytes;

    /**
     * @param slots slots of the ring
     * @param slotBytes largest frame in bytes, at least 1
     */
    public Slab(int slots, int slotBytes) {
        this.slotBytes = slotBytes;
        this.memory = arena.allocate((long) slots * slotBytes, 64);
    }

    /** The largest frame that fits, in bytes. */
    public int slotBytes() {
        return slotBytes;
    }

    /** Copies a frame into the slot's part and names it there; bytes beyond the part's size are not captured. */
    public void copy(FrameSlot slot, byte[] bytes, int captured, int length, int linkLayer, long timestampNs) {
        int kept = Math.min(Math.min(captured, bytes.length), slotBytes);
        long offset = (long) slot.index() * slotBytes;
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, kept);
        slot.wrap(memory, offset, kept, Math.max(length, kept), linkLayer, timestampNs);
    }

    /** Copies a frame from native memory; otherwise as the method above. */
    public void copy(
            FrameSlot slot, MemorySegment from, long at, int captured, int length, int linkLayer, long timestampNs) {
        int kept = Math.min(captured, slotBytes);
        long offset = (long) slot.index() * slotBytes;
        MemorySegment.copy(from, at, memory, offset, kept);
        slot.wrap(memory, offset, kept, Math.max(length, kept), linkLayer, timestampNs);
    }

    /** Frees the memory. No slot may be in use any more. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
