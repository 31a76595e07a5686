package io.breakwater.engine.tap;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.measure.RecordQueue;
import io.breakwater.engine.measure.SingleWriterCounters;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Copies dropped frames for a control thread: of each reason the first so many of every second, cut at {@value
 * #SNAP_BYTES} bytes.
 *
 * <p><b>Thread:</b> {@link #onDropped} by egress; {@link #drain} and {@link #startSecond} by one control thread at a time.
 * <b>Cost:</b> two loads for a frame over its budget; a copy for one within it.
 */
public final class DropTap {
    /** Enough for the headers and what tells one service's answers from another's. */
    public static final int SNAP_BYTES = 512;

    /** Copies that wait at most: 256 kB. Unmeasured. */
    private static final int CAPACITY = 512;

    private static final VarHandle SECOND;

    static {
        try {
            SECOND = MethodHandles.lookup().findVarHandle(DropTap.class, "second", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RecordQueue queue = new RecordQueue(CAPACITY, DroppedFrame.WORDS);
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[CAPACITY * SNAP_BYTES]);
    private final DroppedFrame frame = new DroppedFrame(queue.words(), bytes);
    private final SingleWriterCounters lost = new SingleWriterCounters(1);
    private final int perReason;

    // Control's.
    private long second;

    // Egress's.
    private final int[] taken = new int[Reasons.CAPACITY];
    private long seenSecond;

    /** @param perReason copies of each reason a second, from 1 up */
    public DropTap(int perReason) {
        this.perReason = perReason;
    }

    /** Shows a dropped frame, whose bytes are still there. */
    @HotPath
    public void onDropped(FrameSlot slot, int reason) {
        if ((long) SECOND.getOpaque(this) != seenSecond) {
            seenSecond = (long) SECOND.getOpaque(this);
            Arrays.fill(taken, 0);
        }
        if (taken[reason] < perReason) {
            taken[reason]++;
            copy(slot, reason);
        }
    }

    @HotPath
    private void copy(FrameSlot slot, int reason) {
        int at = queue.tryClaim();
        if (at == RecordQueue.NONE) {
            lost.add(0, 1);
            return;
        }
        int captured = Math.min(slot.capturedLength(), SNAP_BYTES);
        long[] words = queue.words();
        words[at + DroppedFrame.REASON] = reason;
        words[at + DroppedFrame.TIMESTAMP_NS] = slot.timestampNs();
        words[at + DroppedFrame.CAPTURED] = captured;
        words[at + DroppedFrame.LENGTH] = slot.length();
        words[at + DroppedFrame.LINK_LAYER] = slot.linkLayer();
        words[at + DroppedFrame.LANE] = slot.lane() == Lane.INBOUND ? 0 : 1;
        MemorySegment.copy(slot.region(), slot.offset(), bytes, (long) at / DroppedFrame.WORDS * SNAP_BYTES, captured);
        queue.publish();
    }

    /** Gives each reason a new budget. */
    public void startSecond() {
        SECOND.setOpaque(this, second + 1);
    }

    /** Gives what was copied since the last call, in order. */
    public void drain(Consumer<DroppedFrame> consumer) {
        for (int at = queue.peek(); at != RecordQueue.NONE; at = queue.peek()) {
            consumer.accept(frame.wrap(at));
            queue.release();
        }
    }

    /** Copies for which there was no room; never goes back. */
    public long lostFrames() {
        return lost.get(0);
    }
}
