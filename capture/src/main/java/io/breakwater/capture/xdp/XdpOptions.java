package io.breakwater.capture.xdp;

import io.breakwater.capture.nativeaccess.XskSocket;

/**
 * How a pair of AF_XDP ports is run.
 *
 * @param exchange with or without a copy between driver and socket
 * @param idle what a thread does while no frames come
 * @param lanesShareThread both lanes are polled by one thread, which calls {@link XdpPair#awaitFrames} when neither has
 *     a frame; otherwise each lane waits by itself
 * @param chunksPerLane frames that a lane can hold in all its rings, a power of two
 */
public record XdpOptions(XskSocket.Exchange exchange, Idle idle, boolean lanesShareThread, int chunksPerLane) {
    /**
     * 32 MiB a lane in chunks of 2 KiB: at a million frames a second what comes in 16 ms, so that neither a pause of the
     * collector nor a core that is needed elsewhere loses any. Measured on veth in turn, 60-byte frames, two rounds, all
     * bound by the sender: 2,048 chunks 473 and 480 k frames/s, 4,096 139 and 233, 16,384 485 and 541, so more memory
     * costs no speed.
     */
    public static final int DEFAULT_CHUNKS = 16_384;

    /** Largest MTU with native XDP on veth and most drivers: one page with head room and the kernel's tail. */
    public static final int MAX_MTU_BYTES = 3_498;

    public XdpOptions {
        if (Integer.bitCount(chunksPerLane) != 1 || chunksPerLane < 64) {
            throw new IllegalArgumentException("chunks per lane must be a power of two, at least 64");
        }
    }

    /** With the default memory. */
    public static XdpOptions of(XskSocket.Exchange exchange, Idle idle, boolean lanesShareThread) {
        return new XdpOptions(exchange, idle, lanesShareThread, DEFAULT_CHUNKS);
    }
}
