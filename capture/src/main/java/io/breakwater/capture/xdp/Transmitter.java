package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.ProducerRing;
import io.breakwater.capture.nativeaccess.XskSocket;
import io.breakwater.engine.HotPath;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The transmit half of a lane: puts frames into a card's TX and has the kernel take them, once per batch.
 *
 * <p><b>Thread:</b> egress.
 */
final class Transmitter {
    /** How long a batch waits for a card that takes nothing. Unmeasured; the pcap port's. */
    private static final long BUDGET_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Between two attempts that moved nothing; the kernel's timer slack makes some 60 µs of it. Unmeasured. */
    private static final long BACKOFF_NS = TimeUnit.MICROSECONDS.toNanos(10);

    private final XskSocket socket;
    private final ProducerRing tx;
    private final XdpPort card;
    private final int maxBytes;
    private boolean up;
    private boolean stuck;

    Transmitter(XskSocket socket, XdpPort card) {
        this.socket = socket;
        this.tx = socket.tx();
        this.card = card;
        this.maxBytes = card.maxSentBytes();
    }

    /** Before the first frame of each batch that has any to send. */
    void lookAtLink() {
        up = card.canSend();
    }

    /**
     * Puts a frame into the batch.
     *
     * @return false if the card cannot send it: no link, longer than its MTU allows, or stuck
     */
    @HotPath
    boolean put(long address, int length) {
        if (!up || stuck || length > maxBytes || length <= 0 || !tx.hasRoom()) {
            return false;
        }
        tx.putFrame(address, length);
        return true;
    }

    /** Everything that was put leaves now. */
    @HotPath
    void submit() {
        tx.submit();
        if (tx.needsWakeup() && tx.pending() > 0) {
            push();
        }
    }

    /** What did not leave with its batch; a card that was stuck may have come free. */
    void pushLeftOvers() {
        if (tx.pending() > 0 && tx.needsWakeup()) {
            note(socket.wakeTx());
        }
        stuck = stuck && tx.pending() > 0;
    }

    private void push() {
        int errno = socket.wakeTx();
        if (errno == 0) {
            stuck = false;
            return;
        }
        note(errno);
        if (!XskSocket.isBusy(errno)) {
            return;
        }
        if (stuck) {
            stuck = tx.pending() > 0;
            return;
        }
        pushAgain();
    }

    /**
     * Goes on as long as frames leave; waits for a card that takes none within bounds. After that the next frames are
     * refused until it takes some: a stuck card must not hold up the lane, nor keep its chunks.
     */
    private void pushAgain() {
        int left = tx.pending();
        long deadlineNs = System.nanoTime() + BUDGET_NS;
        while (left > 0) {
            int errno = socket.wakeTx();
            note(errno);
            int now = tx.pending();
            if (now < left) {
                left = now;
                deadlineNs = System.nanoTime() + BUDGET_NS;
            } else if (!XskSocket.isBusy(errno)) {
                return;
            } else if (System.nanoTime() - deadlineNs >= 0) {
                stuck = true;
                return;
            } else {
                card.countRetry();
                LockSupport.parkNanos(BACKOFF_NS);
            }
        }
    }

    private void note(int errno) {
        if (XskSocket.isDropped(errno)) {
            card.countSendDrop();
        }
    }
}
