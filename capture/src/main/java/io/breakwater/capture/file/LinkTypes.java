package io.breakwater.capture.file;

import io.breakwater.engine.frame.LinkLayer;

/** The link types of capture files (tcpdump.org/linktypes.html) that the filter looks into. */
final class LinkTypes {
    static final int ETHERNET = 1;

    private static final int RAW = 101;
    /** What LINKTYPE_RAW is called by programs that write their own DLT_RAW: 12 on most systems, 14 on OpenBSD. */
    private static final int DLT_RAW = 12;

    private static final int DLT_RAW_OPENBSD = 14;
    private static final int LINUX_SLL = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_SLL2 = 276;

    private LinkTypes() {}

    /** One of {@link LinkLayer}; {@link LinkLayer#UNSUPPORTED} for every number not named here. */
    static int linkLayer(int linkType) {
        return switch (linkType) {
            case ETHERNET -> LinkLayer.ETHERNET;
            case RAW, DLT_RAW, DLT_RAW_OPENBSD -> LinkLayer.RAW_IP;
            case IPV4 -> LinkLayer.RAW_IPV4;
            case IPV6 -> LinkLayer.RAW_IPV6;
            case LINUX_SLL -> LinkLayer.LINUX_SLL;
            case LINUX_SLL2 -> LinkLayer.LINUX_SLL2;
            default -> LinkLayer.UNSUPPORTED;
        };
    }
}
