package io.breakwater.bench.traffic;

import com.lmax.disruptor.Sequence;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
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
    private final Sequence lent = new Sequence(0);
    private final Sequence released = new Sequence(0);
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
        long soFar = lent.get();
        keepTempo(soFar);
        int count = (int) Math.min(limit, Math.min(quota, dueByRate()) - soFar);
        if (count <= 0) {
            return nothing();
        }
        long dueStampNs = dueByStamp();
        // In variables of its own: egress reads this object for each frame that it releases.
        int frame = next;
        long startNs = loopStartNs;
        int filled = 0;
        while (filled < count && startNs + set.stampsNs[frame] <= dueStampNs) {
            FrameSlot slot = slots.tryClaim();
            if (slot == null) {
                break;
            }
            set.lend(frame, slot, startNs);
            filled++;
            frame++;
            if (frame == set.frames()) {
                frame = 0;
                startNs += set.loopNs();
            }
        }
        next = frame;
        loopStartNs = startNs;
        if (filled == 0 && kept.kind() == Tempo.Kind.RECORDED) {
            return nothing();
        }
        lent.set(soFar + filled);
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

    @Override
    public void release(FrameSlot slot) {
        released.set(released.get() + 1);
    }

    /** The frames stay: their set is closed by whoever made it. */
    @Override
    public void close() {}
}
