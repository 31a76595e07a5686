package io.breakwater.bench.traffic;

import io.breakwater.engine.frame.FrameSlot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames in one piece of memory, in the order in which they are sent again and again.
 *
 * <p><b>Thread:</b> filled by one, then read by any.
 */
public final class FrameSet implements AutoCloseable {
    /** More would measure the machine's paging. */
    public static final long MAX_BYTES = 1L << 30;

    private final Arena arena = Arena.ofShared();
    final MemorySegment memory;
    private final long[] offsets;
    private final int[] captured;
    private final int[] lengths;
    private final byte[] linkLayers;
    /** Within one loop, from 0 up. */
    final long[] stampsNs;

    private int frames;
    private long bytes;
    private long loopNs;

    /**
     * @param maxFrames that are put into it
     * @param maxBytes of all of them, at most {@link #MAX_BYTES}
     */
    FrameSet(int maxFrames, long maxBytes) {
        memory = arena.allocate(Math.max(1, maxBytes), 64);
        offsets = new long[maxFrames];
        captured = new int[maxFrames];
        lengths = new int[maxFrames];
        linkLayers = new byte[maxFrames];
        stampsNs = new long[maxFrames];
    }

    /** Makes room for one frame and says where it goes. */
    long add(int capturedBytes, int lengthBytes, int linkLayer, long stampNs) {
        long at = bytes;
        offsets[frames] = at;
        captured[frames] = capturedBytes;
        lengths[frames] = lengthBytes;
        linkLayers[frames] = (byte) linkLayer;
        stampsNs[frames] = stampNs;
        frames++;
        bytes += capturedBytes;
        return at;
    }

    /** How far the stamps move on from one loop to the next. */
    void loopNs(long ns) {
        loopNs = ns;
    }

    long loopNs() {
        return loopNs;
    }

    /** Names one of them, from 0, in a slot. */
    public void lend(int frame, FrameSlot slot) {
        lend(frame, slot, 0);
    }

    /** @param laterNs is added to its stamp */
    void lend(int frame, FrameSlot slot, long laterNs) {
        slot.wrap(
                memory, offsets[frame], captured[frame], lengths[frame], linkLayers[frame], laterNs + stampsNs[frame]);
    }

    /** How many there are. */
    public int frames() {
        return frames;
    }

    /** Memory they take. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
