package io.breakwater.appliance.metrics;

import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.pipeline.PairEngine;
import org.jspecify.annotations.Nullable;

/** What metrics need to know of a running pair; all answers may be asked by any thread at any time. */
public interface PairView {
    /** The pair's name in the policy. */
    String name();

    PairEngine engine();

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

    /** Why the pair does not forward any more, or null while it does. */
    @Nullable
    String failure();

    /** Whether the outside port has carrier. */
    boolean outsideUp();

    /** Whether the inside port has carrier. */
    boolean insideUp();
}
