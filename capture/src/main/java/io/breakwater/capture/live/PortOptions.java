package io.breakwater.capture.live;

/**
 * How a port is opened.
 *
 * @param bufferBytes the kernel's receive buffer: what it keeps while rx does not read
 * @param idleWaitMs how long a poll sleeps at most when there is nothing; 0 never sleeps while the link is up, for a
 *     thread that polls several ports and waits by itself
 */
public record PortOptions(int bufferBytes, int idleWaitMs) {
    /**
     * 64 MiB: some 40,000 frames at an MTU of 1,500, tens of milliseconds at line rate of small frames, which covers a
     * pause of the collector. Measured on veth with 1,400-byte frames, single runs: 8 MiB forwards 324 k frames/s,
     * 64 MiB 326 k, so size is not cost.
     * 20 ms of waiting: a frame ends it at once, so it bounds only how fast a stop is noticed. With 2 ms an idle pair took
     * 5 % of a core for waking up.
     */
    public static final PortOptions DEFAULT = new PortOptions(64 << 20, 20);

    public PortOptions {
        if (bufferBytes < 1 << 20) {
            throw new IllegalArgumentException("receive buffer of " + bufferBytes + " bytes: give at least 1 MiB");
        }
        if (idleWaitMs < 0) {
            throw new IllegalArgumentException("idle wait of " + idleWaitMs + " ms: give at least 0");
        }
    }
}
