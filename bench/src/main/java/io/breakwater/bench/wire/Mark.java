package io.breakwater.bench.wire;

/**
 * What the sender writes into each frame so that the sink can tell what it is, by content. It stands behind the UDP
 * header, in the byte order of the machine:
 *
 * <pre>
 *   0      2      4            8                      16
 *   | magic| kind |  sequence  |  stamp, nanoseconds  |
 * </pre>
 */
final class Mark {
    static final int MAC_BYTES = 6;
    static final int ETHERNET_BYTES = 14;
    static final int IPV4_BYTES = 20;
    static final int UDP_BYTES = 8;

    /** Where it stands in the frame. */
    static final int OFFSET = ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES;

    static final int KIND_OFFSET = 2;
    static final int SEQUENCE_OFFSET = 4;
    static final int STAMP_OFFSET = 8;
    static final int BYTES = 16;

    static final short MAGIC = 0x5742;

    /** Frames that must arrive. */
    static final int LEGITIMATE = 1;
    /** Answers of a reflector. */
    static final int ATTACK = 2;
    /** Legitimate ones that the sink sends back, to measure the round trip. */
    static final int PROBE = 3;

    static final int KINDS = 4;

    private Mark() {}
}
