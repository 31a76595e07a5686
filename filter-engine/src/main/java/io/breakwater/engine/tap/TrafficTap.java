package io.breakwater.engine.tap;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.RecordQueue;
import io.breakwater.engine.measure.SingleWriterCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * Samples the inbound lane's IP frames for a control thread: every frame while there are few, one in {@code n} at random
 * when there are many, each with the {@code n} it was taken at.
 *
 * <p>Each frame is taken or not by a draw of its own, so sums of {@code n} over samples estimate the frames without bias,
 * with a standard error of {@code √(sum of n (n - 1))}: none while n is 1. Each {@link #drain} starts an interval; n is
 * set so that an interval like the last one gives about {@value #TARGET} samples, and doubles after each {@value #TARGET}
 * within one, so that a flood out of nothing fills the ring only at {@value #TARGET} × 255 frames between two drains.
 *
 * <p><b>Thread:</b> {@link #onSettled} by egress; {@link #drain} by one control thread at a time. <b>Cost:</b> one random
 * number a frame; a sample writes 64 bytes.
 */
public final class TrafficTap {
    /** Samples of an interval at most, but for floods that begin in it. Unmeasured. */
    static final int TARGET = 512;

    /** Eight doublings of {@link #TARGET}. */
    private static final int CAPACITY = 8 * TARGET;

    private static final int MAX_EVERY = 1 << 16;

    private static final VarHandle INTERVAL;

    static {
        try {
            INTERVAL = MethodHandles.lookup().findVarHandle(TrafficTap.class, "interval", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RecordQueue queue = new RecordQueue(CAPACITY, FrameSample.WORDS);
    private final FrameSample sample = new FrameSample(queue.words());
    private final SingleWriterCounters lost = new SingleWriterCounters(1);

    // Control's.
    private long interval;

    // Egress's.
    private long random;
    private long seenInterval;
    private long covered;
    private int every = 1;
    private int taken;

    /** @param seed of the draws, so that nobody can keep out of them; any but 0 */
    public TrafficTap(long seed) {
        this.random = seed | 1;
    }

    /** Shows a frame whose fate is final. */
    @HotPath
    public void onSettled(FrameSlot slot, int reason) {
        if (slot.lane() != Lane.INBOUND) {
            return;
        }
        if ((long) INTERVAL.getOpaque(this) != seenInterval) {
            startInterval();
        }
        // xorshift64 (Marsaglia, 2003)
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        if ((random >>> 32 & every - 1) == 0) {
            take(slot, reason);
        }
    }

    @HotPath
    private void startInterval() {
        seenInterval = (long) INTERVAL.getOpaque(this);
        int wanted = 1;
        while (wanted < MAX_EVERY && wanted * (long) TARGET < covered) {
            wanted <<= 1;
        }
        every = wanted;
        covered = 0;
        taken = 0;
    }

    @HotPath
    private void take(FrameSlot slot, int reason) {
        if (slot.status() == FrameSlot.IP) {
            write(slot, reason);
        }
        covered += every;
        taken++;
        if (taken == TARGET && every < MAX_EVERY) {
            every <<= 1;
            taken = 0;
        }
    }

    @HotPath
    private void write(FrameSlot slot, int reason) {
        int at = queue.tryClaim();
        if (at == RecordQueue.NONE) {
            lost.add(0, every);
            return;
        }
        long[] words = queue.words();
        words[at + FrameSample.FLAGS] = slot.isIpv4() ? 1 : 0;
        words[at + FrameSample.SOURCE_HI] = slot.sourceHi();
        words[at + FrameSample.SOURCE_LO] = slot.sourceLo();
        words[at + FrameSample.DESTINATION_HI] = slot.destinationHi();
        words[at + FrameSample.DESTINATION_LO] = slot.destinationLo();
        words[at + FrameSample.LENGTH] = slot.length();
        words[at + FrameSample.REASONS] = (long) slot.matchedReason() << 32 | reason;
        words[at + FrameSample.EVERY] = every;
        queue.publish();
    }

    /** Gives what was sampled since the last call, in order, and starts the next interval. */
    public void drain(Consumer<FrameSample> consumer) {
        for (int at = queue.peek(); at != RecordQueue.NONE; at = queue.peek()) {
            consumer.accept(sample.wrap(at));
            queue.release();
        }
        INTERVAL.setOpaque(this, interval + 1);
    }

    /** Frames that stand behind samples for which there was no room; never goes back. */
    public long lostFrames() {
        return lost.get(0);
    }
}
