package io.breakwater.capture.live;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.PacketSender;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The transmit half of a port: a frame leaves whole or not at all, and a busy card is waited for within bounds.
 *
 * <p><b>Thread:</b> egress, except {@link #retries()}, and {@link #close()} once egress has ended.
 */
final class PacketTransmitter implements AutoCloseable {
    /** How long one frame waits for a busy card. A card that does not take it then is stuck. Unmeasured. */
    private static final long BUDGET_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Between two attempts; the kernel's timer slack makes some 60 µs of it. Unmeasured. */
    private static final long BACKOFF_NS = TimeUnit.MICROSECONDS.toNanos(10);
    /** How soon a change of the link is noticed. */
    private static final long LINK_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LinkProbe link;
    private final PacketSender sender;
    private final AtomicLong retries = new AtomicLong();

    private int index;
    private boolean up;
    private boolean stuck;
    private boolean inBatch;
    private long checkedNs;

    PacketTransmitter(String name, int maxFrameBytes) throws IOException {
        link = new LinkProbe(name);
        try {
            sender = new PacketSender(maxFrameBytes);
        } catch (IOException e) {
            link.close();
            throw e;
        }
        checkLink(System.nanoTime());
    }

    /** Attempts beyond each frame's first. */
    long retries() {
        return retries.get();
    }

    @HotPath
    boolean send(FrameSlot slot) {
        int length = slot.length();
        if (!inBatch) {
            inBatch = true;
            lookAtLink();
        }
        // A frame that was not captured whole must not leave: half a frame is worse than none.
        if (!up || slot.capturedLength() < length) {
            return false;
        }
        int errno = sender.send(slot.region(), slot.offset(), length);
        if (errno == 0) {
            stuck = false;
            return true;
        }
        return PacketSender.isBusy(errno) && resend(slot, length);
    }

    /** The batch is complete; the next frame begins another. */
    void flush() {
        inBatch = false;
    }

    /**
     * Before each batch's first frame: after a quiet time the link is judged as it is now, so that the first frame
     * through a link that is back is not refused, nor one lost that counts as forwarded.
     */
    private void lookAtLink() {
        long nowNs = System.nanoTime();
        if (nowNs - checkedNs >= LINK_CHECK_NS) {
            checkLink(nowNs);
        }
    }

    /**
     * Tries for a while. After a frame that found no room in all that time the next ones get one attempt each, until
     * one succeeds: a stuck card must not hold up the lane 1 ms per frame.
     */
    private boolean resend(FrameSlot slot, int length) {
        if (stuck) {
            return false;
        }
        long deadlineNs = System.nanoTime() + BUDGET_NS;
        while (System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(BACKOFF_NS);
            retries.lazySet(retries.getPlain() + 1);
            int errno = sender.send(slot.region(), slot.offset(), length);
            if (errno == 0) {
                return true;
            }
            if (!PacketSender.isBusy(errno)) {
                return false;
            }
        }
        stuck = true;
        return false;
    }

    private void checkLink(long nowNs) {
        checkedNs = nowNs;
        int now = link.index();
        if (now != index) {
            index = now != LinkProbe.NONE && sender.bind(now) ? now : LinkProbe.NONE;
        }
        // Without carrier the kernel takes frames and forgets them: they would count as forwarded.
        up = index != LinkProbe.NONE && link.isRunning();
    }

    @Override
    public void close() {
        up = false;
        sender.close();
        link.close();
    }
}
