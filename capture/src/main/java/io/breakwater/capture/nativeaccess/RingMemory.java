package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Where one ring of an AF_XDP socket lies: two positions that only grow (unsigned ints), flags, and entries (struct
 * xdp_ring_offset, linux/if_xdp.h).
 *
 * @param memory as mapped
 * @param producerOffset position behind the last entry that was put in
 * @param consumerOffset position of the first entry that was not taken out
 * @param entriesOffset first entry
 * @param flagsOffset whether the kernel wants to be woken
 * @param size entries, a power of two
 * @param entryBytes 8 for addresses, 16 for descriptors
 */
record RingMemory(
        MemorySegment memory,
        long producerOffset,
        long consumerOffset,
        long entriesOffset,
        long flagsOffset,
        int size,
        int entryBytes) {
    static final VarHandle POSITION = JAVA_INT.varHandle();

    /** Bytes to map for a ring whose entries begin at an offset. */
    static long bytes(long entriesOffset, int size, int entryBytes) {
        return entriesOffset + (long) size * entryBytes;
    }

    /** Entries in the ring: 0 to its size, exact only while nobody moves the ring. Any thread. */
    int pending() {
        // In this order: what is taken in between must not make it less than nothing.
        int consumed = (int) POSITION.getAcquire(memory, consumerOffset);
        int produced = (int) POSITION.getAcquire(memory, producerOffset);
        return Math.min(produced - consumed, size);
    }

    /** The address in each entry, in order; exact only while nobody moves the ring. */
    long[] addresses() {
        int first = (int) POSITION.getAcquire(memory, consumerOffset);
        long[] addresses = new long[pending()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = memory.get(JAVA_LONG, entriesOffset + (long) entryBytes * (first + i & size - 1));
        }
        return addresses;
    }
}
