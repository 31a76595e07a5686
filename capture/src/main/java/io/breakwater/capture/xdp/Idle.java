package io.breakwater.capture.xdp;

/** What a thread does while no frames come. */
public enum Idle {
    /** Looks again and again: the lowest latency, for a whole core. */
    BUSY,
    /** Looks again for a while, then sleeps until a frame comes. */
    ADAPTIVE,
    /** Sleeps until a frame comes. */
    BLOCKING
}
