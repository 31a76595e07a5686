package io.breakwater.appliance.metrics;

import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.pipeline.PairEngine;

/** What metrics need to know of a running pair; all answers may be asked by any thread at any time. */
public interface PairView {
    /** The pair's name in the policy. */
    String name();

    PairEngine engine();

    /** What the lane's shield dropped before Java could read it. */
    ShieldCounters shield(Lane lane);

    /** Frames that Java read or the shield dropped: at rest those that were forwarded or dropped. */
    default long receivedFrames(Lane lane) {
        return engine().counters(lane).receivedFrames() + shield(lane).frames();
    }

    /** Bytes of {@link #receivedFrames}. */
    default long receivedBytes(Lane lane) {
        return engine().counters(lane).receivedBytes() + shield(lane).bytes();
    }

    /** How long the lane's forwarded frames stayed in the box. */
    LaneLatency latency(Lane lane);

    /** Share of the lane's ring that holds frames under way, 0 to 1. */
    double ringOccupancyRatio(Lane lane);

    /** Interface of the outside port. */
    String outsidePort();

    /** Interface of the inside port. */
    String insidePort();

    /** Frames that card, socket or kernel dropped before Java could read them; never goes back. */
    long outsideKernelDrops();

    long insideKernelDrops();
}
