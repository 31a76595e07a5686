package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.XskSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames that were lost before Java could read them: for want of a chunk, or in the card. Never goes back, also not when
 * the port is opened again.
 *
 * <p><b>Thread:</b> any.
 */
final class XskDrops {
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Path CARDS = Path.of("/sys/class/net");

    private final Path missed;
    private final Path overrun;
    private @Nullable XskSocket socket;
    private long total;
    private long socketBefore;
    private long cardBefore;
    private long sampledNs = System.nanoTime() - SAMPLE_NS;

    XskDrops(String interfaceName) {
        // What libpcap counts as well. The card's other counters hold what XDP itself drops, on purpose.
        Path statistics = CARDS.resolve(interfaceName).resolve("statistics");
        missed = statistics.resolve("rx_missed_errors");
        overrun = statistics.resolve("rx_fifo_errors");
    }

    /** From now on this socket counts, from 0. */
    synchronized void follow(XskSocket opened) {
        socket = opened;
        socketBefore = 0;
        cardBefore = card();
    }

    /** The socket is about to close: keeps what it counted. */
    synchronized void leave() {
        sample();
        socket = null;
    }

    /** All so far; asks the kernel at most four times a second. */
    synchronized long total() {
        long nowNs = System.nanoTime();
        if (nowNs - sampledNs >= SAMPLE_NS) {
            sampledNs = nowNs;
            sample();
        }
        return total;
    }

    private void sample() {
        if (socket == null) {
            return;
        }
        try {
            long now = socket.drops();
            total += now - socketBefore;
            socketBefore = now;
        } catch (ErrnoException gone) {
            socket = null;
        }
        long card = card();
        total += Math.max(0, card - cardBefore);
        cardBefore = card;
    }

    /** 0 where the card is gone, or does not count. */
    private long card() {
        try {
            return read(missed) + read(overrun);
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
    }

    private static long read(Path counter) throws IOException {
        return Long.parseLong(Files.readString(counter).strip());
    }
}
