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
    /** How long {@code adaptive} looks again before it sleeps. Unmeasured. */
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Idle idle;
    private final FrameWait sockets;
    private final XdpPair pair;
    private boolean quiet;
    private long quietSinceNs;

    IdleWait(Idle idle, FrameWait sockets, XdpPair pair) {
        this.idle = idle;
        this.sockets = sockets;
        this.pair = pair;
    }

    /** Frames came. */
    @HotPath
    void onFrames() {
        quiet = false;
    }

    /** None came: waits as the pair is told to. Answers whether it slept and a frame woke it. */
    boolean onNothing() {
        if (pair.hasLink() && (idle == Idle.BUSY || idle == Idle.ADAPTIVE && stillSpins())) {
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
        quiet = false;
        return true;
    }

    private boolean stillSpins() {
        long nowNs = System.nanoTime();
        if (!quiet) {
            quiet = true;
            quietSinceNs = nowNs;
        }
        return nowNs - quietSinceNs < SPIN_NS;
    }
}
