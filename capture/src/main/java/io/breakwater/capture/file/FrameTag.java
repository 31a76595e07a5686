package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;

/**
 * What a slot's {@code sourceTag} carries from {@link CaptureSource} to {@link CaptureWriter}, so that a frame is written
 * as it was read.
 *
 * <pre>
 *  63                      32 31      24 23      16 15               0
 * +--------------------------+----------+----------+------------------+
 * | original length, as read | FCS here | FCS each |    link type     |
 * +--------------------------+----------+----------+------------------+
 * </pre>
 *
 * "FCS here": bytes of frame check sequence in memory behind the slot's captured bytes. "FCS each": what the interface
 * says every frame ends with.
 */
final class FrameTag {
    private static final int FCS_EACH_SHIFT = 16;
    private static final int FCS_HERE_SHIFT = 24;
    private static final int LENGTH_SHIFT = 32;
    private static final int BYTE = 0xff;
    private static final long LINK_MASK = 0xff_ffffL;

    private FrameTag() {}

    @HotPath
    static long of(int linkType, int fcsEach, int fcsHere, int originalLength) {
        return (long) originalLength << LENGTH_SHIFT
                | (long) fcsHere << FCS_HERE_SHIFT
                | (long) fcsEach << FCS_EACH_SHIFT
                | linkType;
    }

    @HotPath
    static int linkType(long tag) {
        return (int) tag & 0xffff;
    }

    @HotPath
    static int fcsEach(long tag) {
        return (int) (tag >>> FCS_EACH_SHIFT) & BYTE;
    }

    @HotPath
    static int fcsHere(long tag) {
        return (int) (tag >>> FCS_HERE_SHIFT) & BYTE;
    }

    /** Unsigned 32 bits. */
    @HotPath
    static int originalLength(long tag) {
        return (int) (tag >>> LENGTH_SHIFT);
    }

    /** Link type and FCS length together: frames for which it is equal share an interface of the output. */
    @HotPath
    static int link(long tag) {
        return (int) (tag & LINK_MASK);
    }
}
