package io.breakwater.bench.traffic;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Lends a frame set's frames again and again, as many as it is told to; nothing is copied. Stamps go on from loop to
 * loop, so that limits see time pass.
 *
 * <p><b>Thread:</b> {@link #poll} rx, {@link #release} egress, the rest one control thread.
 */
public final class LoopSource implements FrameSource {
    private static final long PAUSE_NS = 20_000;
    private static final double NS_PER_SECOND = 1e9;

    private final FrameSet set;
    private final AtomicLong lent = new AtomicLong();
    private final AtomicLong released = new AtomicLong();
    private volatile long quota;
    private volatile boolean ended;
    private int next;
    private long loopStartNs;

    private volatile Tempo tempo = Tempo.FULL;
    // Of the present tempo; owned by rx.
    private Tempo kept = Tempo.FULL;
    private long keptSinceNs;
    private long lentBefore;
    private long stampBeforeNs;

    /** Lends nothing yet, and then at full speed. */
    public LoopSource(FrameSet set) {
        this.set = set;
    }

    /** Lends so many frames in all, from the start on. */
    public void lendUpTo(long frames) {
        quota = frames;
    }

    /** Lends at this pace from now on. */
    public void pace(Tempo next) {
        tempo = next;
    }

    /** Lends no more. */
    public void end() {
        ended = true;
    }

    /** Frames lent so far. */
    public long lent() {
        return lent.get();
    }

    /** Frames that have their fate. */
    public long released() {
        return released.get();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public int poll(SlotWriter slots, int limit) {
        long soFar = lent.getPlain();
        keepTempo(soFar);
        int count = (int) Math.min(limit, Math.min(quota, dueByRate()) - soFar);
        if (count <= 0) {
            return nothing();
        }
        long dueStampNs = dueByStamp();
        int filled = 0;
        while (filled < count && nextStampNs() <= dueStampNs) {
            FrameSlot slot = slots.tryClaim();
            if (slot == null) {
                break;
            }
            wrapNext(slot);
            filled++;
        }
        if (filled == 0 && kept.kind() == Tempo.Kind.RECORDED) {
            return nothing();
        }
        lent.lazySet(soFar + filled);
        return filled;
    }

    private void keepTempo(long soFar) {
        Tempo wanted = tempo;
        if (!kept.equals(wanted)) {
            kept = wanted;
            keptSinceNs = System.nanoTime();
            lentBefore = soFar;
            stampBeforeNs = nextStampNs();
        }
    }

    /** How many frames may have been lent by now. */
    private long dueByRate() {
        return kept.kind() == Tempo.Kind.EVEN
                ? lentBefore + (long) ((System.nanoTime() - keptSinceNs) * (kept.framesPerSecond() / NS_PER_SECOND))
                : Long.MAX_VALUE;
    }

    /** Up to which stamp frames may have been lent by now. */
    private long dueByStamp() {
        return kept.kind() == Tempo.Kind.RECORDED ? stampBeforeNs + System.nanoTime() - keptSinceNs : Long.MAX_VALUE;
    }

    private long nextStampNs() {
        return loopStartNs + set.stampsNs[next];
    }

    private int nothing() {
        if (ended) {
            return END;
        }
        LockSupport.parkNanos(PAUSE_NS);
        return 0;
    }

    private void wrapNext(FrameSlot slot) {
        int frame = next;
        set.lend(frame, slot, loopStartNs);
        next = frame + 1;
        if (next == set.frames()) {
            next = 0;
            loopStartNs += set.loopNs();
        }
    }

    @Override
    public void release(FrameSlot slot) {
        released.lazySet(released.getPlain() + 1);
    }

    /** The frames stay: their set is closed by whoever made it. */
    @Override
    public void close() {}
}
