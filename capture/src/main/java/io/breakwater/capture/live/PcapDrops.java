package io.breakwater.capture.live;

import java.io.IOException;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapStat;

/** What libpcap says of one handle: frames without room in the ring, and those that the card lost. */
final class PcapDrops implements KernelDrops.Counter {
    private static final long UNSIGNED_INT = 0xffff_ffffL; // struct pcap_stat counts in u_int

    private final PcapHandle handle;
    private long lost;
    private long ringBefore;
    private long cardBefore;

    PcapDrops(PcapHandle handle) {
        this.handle = handle;
    }

    @Override
    public long lost() throws IOException {
        try {
            PcapStat stat = handle.getStats();
            long ring = stat.getNumPacketsDropped();
            long card = stat.getNumPacketsDroppedByIf();
            lost += (ring - ringBefore & UNSIGNED_INT) + (card - cardBefore & UNSIGNED_INT);
            ringBefore = ring;
            cardBefore = card;
            return lost;
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException("the interface disappeared", e);
        }
    }
}
