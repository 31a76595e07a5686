package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lends the same frames again and again from memory, as a mapped capture would, in bursts of a given size; checks that
 * every slot comes back once and in order.
 */
public final class MemorySource implements FrameSource {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final long[] offsets;
    private final int[] lengths;
    private final long total;
    private final int burst;
    private final long stepNs;
    private final @Nullable IOException atEnd;
    private long holeEvery = Long.MAX_VALUE;
    private long sent;
    private long released;
    private long firstOutOfOrder = -1;

    /**
     * Frames in turn until {@code total} were lent.
     *
     * @param stepNs between the stamps of two frames
     * @param atEnd thrown at the end instead of a clean one
     */
    public MemorySource(List<byte[]> frames, long total, int burst, long stepNs, @Nullable IOException atEnd) {
        long bytes = frames.stream().mapToLong(f -> f.length).sum();
        this.memory = arena.allocate(Math.max(1, bytes));
        this.offsets = new long[frames.size()];
        this.lengths = new int[frames.size()];
        long at = 0;
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, at, frame.length);
            offsets[i] = at;
            lengths[i] = frame.length;
            at += frame.length;
        }
        this.total = total;
        this.burst = burst;
        this.stepNs = stepNs;
        this.atEnd = atEnd;
    }

    /** One frame in so many lies where no memory is: reading it throws. */
    void lendNoMemoryEvery(long frames) {
        holeEvery = frames;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public int poll(SlotWriter slots, int limit) throws IOException {
        if (sent == total) {
            if (atEnd != null) {
                throw atEnd;
            }
            return END;
        }
        int count = (int) Math.min(Math.min(limit, burst), total - sent);
        for (int i = 0; i < count; i++) {
            FrameSlot slot = slots.tryClaim();
            if (slot == null) {
                return i;
            }
            int frame = (int) (sent % offsets.length);
            MemorySegment region = (sent + 1) % holeEvery == 0 ? MemorySegment.NULL : memory;
            slot.wrap(region, offsets[frame], lengths[frame], lengths[frame], LinkLayer.ETHERNET, sent * stepNs);
            slot.sourceTag(sent);
            sent++;
        }
        return count;
    }

    @Override
    public void release(FrameSlot slot) {
        if (slot.sourceTag() != released && firstOutOfOrder < 0) {
            firstOutOfOrder = slot.sourceTag();
        }
        released++;
    }

    /** Slots that came back; to be asked after the pipeline has ended. */
    public long released() {
        return released;
    }

    /** Tag of the first slot that came back out of turn; -1 if none did. */
    public long firstOutOfOrder() {
        return firstOutOfOrder;
    }

    @Override
    public void close() {
        arena.close();
    }
}
