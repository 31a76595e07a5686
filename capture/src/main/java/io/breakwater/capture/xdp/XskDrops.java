package io.breakwater.capture.xdp;

import io.breakwater.capture.live.KernelDrops;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.nativeaccess.XskSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of one AF_XDP socket and its card: frames without a chunk, and those that the card lost. */
final class XskDrops implements KernelDrops.Counter {
    private static final Path CARDS = Path.of("/sys/class/net");

    private final XskSocket socket;
    private final Path missed;
    private final Path overrun;
    private long ofCard;
    private long cardBefore;

    XskDrops(XskSocket socket, String interfaceName) {
        this.socket = socket;
        // What libpcap counts as well. The card's other counters hold what XDP itself drops, on purpose.
        Path statistics = CARDS.resolve(interfaceName).resolve("statistics");
        missed = statistics.resolve("rx_missed_errors");
        overrun = statistics.resolve("rx_fifo_errors");
        cardBefore = card();
    }

    @Override
    public long lost() throws ErrnoException {
        long card = card();
        ofCard += Math.max(0, card - cardBefore);
        cardBefore = card;
        return socket.drops() + ofCard;
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
