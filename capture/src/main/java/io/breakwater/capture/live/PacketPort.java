package io.breakwater.capture.live;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import java.io.IOException;

/** A network card that frames enter and leave by, whatever moves them. Thread of the questions: any. */
public interface PacketPort extends AutoCloseable {
    /** Ethernet header (14 bytes) and up to four VLAN tags (4 bytes each) around the MTU. */
    int LAYER_2_BYTES = 14 + 4 * 4;

    /** What {@link #maxFrameBytes()} of a port would be that was opened now; {@link #LAYER_2_BYTES} without such a card. */
    static int maxFrameBytes(String interfaceName) throws IOException {
        try (LinkProbe link = new LinkProbe(interfaceName)) {
            return link.mtuBytes() + LAYER_2_BYTES;
        }
    }

    /** From the next frame on what comes in is read; until then all is left to the kernel. Control thread. */
    void startReceiving() throws IOException;

    /**
     * From the next frame on what comes in is left to the kernel; what has come in is still read. Control thread;
     * idempotent.
     */
    void stopReceiving() throws IOException;

    /** The interface. */
    String name();

    /** Where the frames that come in by this card are read. */
    FrameSource source();

    /** Where frames leave by this card. */
    FrameSink sink();

    /** The largest frame in bytes that is read whole: the MTU when it was opened, with header and four tags. */
    int maxFrameBytes();

    /** Whether the interface is there, switched on and has carrier, as rx saw it at most 20 ms ago. */
    boolean isUp();

    /** Frames that card, socket or kernel lost; never goes back. Not for a hot thread. */
    long kernelDrops();

    /** Attempts to send beyond the first, because the card was busy. */
    long sendRetries();

    /** Idempotent; only once nobody polls or sends any more. */
    @Override
    void close();
}
