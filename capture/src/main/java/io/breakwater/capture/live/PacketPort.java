package io.breakwater.capture.live;

import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import java.io.IOException;

/** A network card that frames enter and leave by, whatever moves them. Thread of the questions: any. */
public interface PacketPort extends AutoCloseable {
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
