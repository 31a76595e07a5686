package io.breakwater.bench.wire;

import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.RawPacketListener;

/**
 * What Breakwater's pcap port is measured against: the shortest program that forwards with pcap4j alone. Receives frames
 * in immediate mode and sends each one on with {@code sendPacket}; looks at nothing, in one direction.
 */
final class BareLoop {
    /** What it says when it forwards. */
    static final String READY = "READY";

    private static final int SNAP_BYTES = 2_048;
    /** As large as Breakwater's. */
    private static final int BUFFER_BYTES = 64 << 20;

    private BareLoop() {}

    /** Forwards from the first interface to the second until it is ended. */
    public static void main(String[] interfaces) throws Exception {
        PcapHandle from = open(interfaces[0]);
        PcapHandle to = open(interfaces[1]);
        RawPacketListener forward = frame -> send(to, frame);
        System.out.println(READY);
        from.loop(-1, forward);
    }

    private static void send(PcapHandle to, byte[] frame) {
        try {
            to.sendPacket(frame);
        } catch (PcapNativeException | NotOpenException busy) {
            // A busy card: the frame is lost, and the sink does not count it.
        }
    }

    private static PcapHandle open(String name) throws PcapNativeException {
        return new PcapHandle.Builder(name)
                .snaplen(SNAP_BYTES)
                .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                .immediateMode(true)
                .timeoutMillis(1)
                .bufferSize(BUFFER_BYTES)
                .direction(PcapHandle.PcapDirection.IN)
                .build();
    }
}
