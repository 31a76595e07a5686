package io.breakwater.capture.file;

/**
 * What an input says about the frames of one interface (of the whole file, in classic pcap).
 *
 * @param linkType LINKTYPE number, 0–65,535
 * @param linkLayer one of {@link io.breakwater.engine.frame.LinkLayer}
 * @param fcsBytes bytes of frame check sequence at the end of each frame, 0 if none or not said; 0–31
 * @param snapLength bytes kept of each frame; 0 for no limit
 * @param scale how its time stamps count
 */
record CaptureLink(int linkType, int linkLayer, int fcsBytes, long snapLength, TickScale scale) {
    static final CaptureLink UNKNOWN = of(LinkTypes.ETHERNET, 0, 0, new TickScale(TickScale.MICROSECONDS, 0));

    static CaptureLink of(int linkType, int fcsBytes, long snapLength, TickScale scale) {
        return new CaptureLink(linkType, LinkTypes.linkLayer(linkType), fcsBytes, snapLength, scale);
    }
}
