package io.breakwater.engine.pipeline;

import com.lmax.disruptor.RingBuffer;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a source fill the next free slots of the ring, and publishes them together.
 *
 * <p>A full ring offers no slot: the source stops reading, the kernel's buffer absorbs, then drops.
 *
 * <p>While the ring is more than half full rx decodes what it publishes and {@linkplain Preclassifier preclassifies} it; else that
 * is left to the filter.
 *
 * <p><b>Why</b>: a ring that fills says that rx has time, one that is nearly empty that rx is the slow stage, whose work
 * then costs more than it saves. Measured, with other shares than a half: docs/adr/0004-frames-are-judged-a-batch-at-a-time.md.
 *
 * <p><b>Thread:</b> rx, the ring's only producer.
 */
final class RxStage implements SlotWriter {
    private final RingBuffer<FrameSlot> ring;
    private final FrameSource source;
    private final Lanes lanes;
    private final int maxBatch;
    private int free;
    private int claimed;
    private boolean hasTime;
    private @Nullable Preclassifier inbound;
    private @Nullable Preclassifier outbound;

    RxStage(RingBuffer<FrameSlot> ring, FrameSource source, Lanes lanes, int maxBatch) {
        this.ring = ring;
        this.source = source;
        this.lanes = lanes;
        this.maxBatch = maxBatch;
    }

    /**
     * Polls the source once and publishes what it filled, also when it fails.
     *
     * @return frames published, 0 if the ring is full or nothing came, {@link FrameSource#END} at the end
     */
    @HotPath
    int poll() throws IOException {
        long room = ring.remainingCapacity();
        free = (int) Math.min(room, maxBatch);
        hasTime = room < ring.getBufferSize() / 2;
        claimed = 0;
        if (free == 0) {
            return 0;
        }
        int polled;
        try {
            polled = source.poll(this, free);
        } finally {
            publish();
        }
        return polled == FrameSource.END && claimed > 0 ? claimed : polled;
    }

    /** Once per batch: one clock reading, one publication. */
    private void publish() {
        if (claimed == 0) {
            return;
        }
        long publishedNs = System.nanoTime();
        if (hasTime) {
            inbound = lanes.newestPreclassifier(Lane.INBOUND);
            outbound = lanes.newestPreclassifier(Lane.OUTBOUND);
        }
        // Never waits: room for these slots was seen before they were filled.
        long high = ring.next(claimed);
        long low = high - claimed + 1;
        for (long sequence = low; sequence <= high; sequence++) {
            FrameSlot slot = ring.get(sequence);
            slot.publishedNs(publishedNs);
            if (hasTime) {
                tryPreclassify(slot);
            }
        }
        ring.publish(low, high);
    }

    /** A frame with which this fails stays as it is: the filter tries again, and it tells and counts what happens then. */
    private void tryPreclassify(FrameSlot slot) {
        try {
            FrameDecoder.decode(slot);
            // By the newest chains; a filter that is not as far yet does it again.
            Lanes.preclassify(slot, inbound, outbound);
        } catch (Throwable e) {
            // See above.
        }
    }

    @Override
    public int free() {
        return free - claimed;
    }

    @Override
    @HotPath
    public @Nullable FrameSlot tryClaim() {
        if (claimed == free) {
            return null;
        }
        claimed++;
        return ring.get(ring.getCursor() + claimed);
    }
}
