package io.breakwater.capture.nativeaccess;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The memory that AF_XDP sockets move frames in: chunks of equal size, one frame each (linux/if_xdp.h).
 *
 * <p>It must outlive every socket that was given it: the kernel writes into it until the last one is closed.
 */
public final class Umem implements AutoCloseable {
    /** What the kernel keeps free before each frame, XDP_PACKET_HEADROOM (linux/bpf.h). */
    public static final int HEADROOM_BYTES = 256;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int chunkBytes;

    /**
     * @param chunks how many, at least 1
     * @param chunkBytes 2,048 or 4,096: what every kernel and driver takes
     * @throws ErrnoException if there is no such memory
     */
    public Umem(int chunks, int chunkBytes) throws ErrnoException {
        this.chunkBytes = chunkBytes;
        try {
            memory = MappedMemory.anonymous(arena, (long) chunks * chunkBytes);
        } catch (ErrnoException e) {
            arena.close();
            throw e;
        }
    }

    /** All chunks, the first at offset 0. An address in a descriptor is an offset in here. */
    public MemorySegment memory() {
        return memory;
    }

    public int chunkBytes() {
        return chunkBytes;
    }

    /** The largest frame that a chunk holds, in bytes. */
    public static int roomBytes(int chunkBytes) {
        return chunkBytes - HEADROOM_BYTES;
    }

    /** Gives the memory back; no socket may be left that uses it. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
