package io.breakwater.engine.measure;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

/**
 * What one lane did, in frames and bytes, since it was made. Totals never go back: they outlive reloads and port
 * restarts. At rest, received = forwarded + dropped.
 *
 * <p><b>Thread:</b> the methods of the filter stage and of egress each have one caller; readers may be any thread.
 */
public final class LaneCounters {
    private static final int FRAMES = 0;
    private static final int BYTES = 1;
    private static final int NON_IP = 2;
    private static final int FRAGMENTS = 3;

    private final SingleWriterCounters filter = new SingleWriterCounters(4);
    private final SingleWriterCounters wouldDropFrames = new SingleWriterCounters(Reasons.CAPACITY);
    private final SingleWriterCounters wouldDropBytes = new SingleWriterCounters(Reasons.CAPACITY);
    private final SingleWriterCounters forwarded = new SingleWriterCounters(2);
    private final SingleWriterCounters droppedFrames = new SingleWriterCounters(Reasons.CAPACITY);
    private final SingleWriterCounters droppedBytes = new SingleWriterCounters(Reasons.CAPACITY);

    /** All zero. */
    public LaneCounters() {}

    /**
     * Counts frames that the filter begins to look at. Thread: filter.
     *
     * @param nonIp how many of them have no IP at the outermost layer
     * @param fragments how many of them are IP fragments
     */
    @HotPath
    public void received(long frames, long bytes, long nonIp, long fragments) {
        filter.add(FRAMES, frames);
        filter.add(BYTES, bytes);
        filter.add(NON_IP, nonIp);
        filter.add(FRAGMENTS, fragments);
    }

    /** Counts a frame that a rule in monitor mode would have dropped. Thread: filter. */
    @HotPath
    public void wouldDrop(int reason, FrameSlot frame) {
        wouldDropFrames.add(reason, 1);
        wouldDropBytes.add(reason, frame.length());
    }

    /** Counts a frame that left. Thread: egress. */
    @HotPath
    public void forwarded(FrameSlot slot) {
        forwarded.add(FRAMES, 1);
        forwarded.add(BYTES, slot.length());
    }

    /** Counts a frame that did not leave, under its one reason. Thread: egress. */
    @HotPath
    public void dropped(FrameSlot slot, int reason) {
        droppedFrames.add(reason, 1);
        droppedBytes.add(reason, slot.length());
    }

    public long receivedFrames() {
        return filter.get(FRAMES);
    }

    public long receivedBytes() {
        return filter.get(BYTES);
    }

    /** Frames without IP at the outermost layer. */
    public long nonIpFrames() {
        return filter.get(NON_IP);
    }

    /** IP fragments, first ones too. */
    public long fragmentFrames() {
        return filter.get(FRAGMENTS);
    }

    public long forwardedFrames() {
        return forwarded.get(FRAMES);
    }

    public long forwardedBytes() {
        return forwarded.get(BYTES);
    }

    public long droppedFrames(int reason) {
        return droppedFrames.get(reason);
    }

    public long droppedBytes(int reason) {
        return droppedBytes.get(reason);
    }

    /** Dropped frames of all reasons. */
    public long droppedFrames() {
        return droppedFrames.sumFrom(0);
    }

    /** Dropped bytes of all reasons. */
    public long droppedBytes() {
        return droppedBytes.sumFrom(0);
    }

    public long wouldDropFrames(int reason) {
        return wouldDropFrames.get(reason);
    }

    public long wouldDropBytes(int reason) {
        return wouldDropBytes.get(reason);
    }
}
