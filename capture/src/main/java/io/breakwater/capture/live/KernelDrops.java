package io.breakwater.capture.live;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapStat;

/**
 * Frames that were lost before Java could read them: for want of room in the ring, or in the card. Never goes back,
 * also not when the port is opened again.
 *
 * <p><b>Thread:</b> any; rx takes the lock only when a handle opens or closes.
 */
final class KernelDrops {
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long UNSIGNED_INT = 0xffff_ffffL; // struct pcap_stat counts in u_int

    private @Nullable PcapHandle handle;
    private long total;
    private long ringBefore;
    private long cardBefore;
    private long sampledNs = System.nanoTime() - SAMPLE_NS;

    /** From now on this handle counts, from 0. */
    synchronized void follow(PcapHandle opened) {
        handle = opened;
        ringBefore = 0;
        cardBefore = 0;
    }

    /** The handle is about to close: keeps what it counted. */
    synchronized void leave() {
        sample();
        handle = null;
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
        if (handle == null) {
            return;
        }
        try {
            PcapStat stat = handle.getStats();
            long ring = stat.getNumPacketsDropped() & UNSIGNED_INT;
            long card = stat.getNumPacketsDroppedByIf() & UNSIGNED_INT;
            total += ((ring - ringBefore) & UNSIGNED_INT) + ((card - cardBefore) & UNSIGNED_INT);
            ringBefore = ring;
            cardBefore = card;
        } catch (PcapNativeException | NotOpenException gone) {
            // The interface disappeared: what was counted last stands.
            handle = null;
        }
    }
}
