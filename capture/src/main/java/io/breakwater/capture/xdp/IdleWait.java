package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.FrameWait;
import io.breakwater.engine.HotPath;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a polling thread does when it found nothing.
 *
 * <p>Without a link it always sleeps, whatever was asked for: an unplugged card must not spin a core.
 *
 * <p><b>Thread:</b> the one that polls.
 */
final class IdleWait {
    /** How long a sleep lasts at most: bounds how fast a stop or a change of the link is noticed. As the pcap port's. */
    private static final int SLEEP_MS = 20;
    /** How long {@code adaptive} looks again before it sleeps: 12 µs less at p50 than sleeping at once (docs/performance.md). */
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /**
     * How often in a row it may look again in vain. <b>Why</b>: single frames a millisecond apart, such as the shield's
     * samples of a flood, never come while it looks, and each would cost the 50 µs besides. Unmeasured.
     */
    private static final int PATIENCE = 4;

    private final Idle idle;
    private final FrameWait sockets;
    private final XdpPair pair;
    private boolean quiet;
    private boolean spinning;
    private long quietSinceNs;
    private int patience = PATIENCE;

    IdleWait(Idle idle, FrameWait sockets, XdpPair pair) {
        this.idle = idle;
        this.sockets = sockets;
        this.pair = pair;
    }

    /** Frames came. */
    @HotPath
    void onFrames() {
        if (quiet) {
            quiet = false;
            patience = PATIENCE;
        }
    }

    /** None came: waits as the pair is told to. Answers whether it slept and a frame woke it. */
    boolean onNothing() {
        if (pair.hasLink() && looksAgain()) {
            Thread.onSpinWait();
            return false;
        }
        if (!sockets.await(SLEEP_MS)) {
            return false;
        }
        if (!sockets.hasFrame()) {
            // Only an error to tell, at once and again and again: never spin on it.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            return false;
        }
        onWakeUp();
        return true;
    }

    private boolean looksAgain() {
        if (idle != Idle.ADAPTIVE) {
            return idle == Idle.BUSY;
        }
        long nowNs = System.nanoTime();
        if (!quiet) {
            quiet = true;
            quietSinceNs = nowNs;
            spinning = patience > 0;
        }
        if (spinning && nowNs - quietSinceNs >= SPIN_NS) {
            spinning = false;
            patience--;
        }
        return spinning;
    }

    /** A frame that came this soon would have come while it looked. */
    private void onWakeUp() {
        quiet = false;
        if (System.nanoTime() - quietSinceNs < SPIN_NS) {
            patience = PATIENCE;
        }
    }
}
