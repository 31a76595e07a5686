package io.breakwater.appliance.policy;

import java.lang.foreign.MemorySegment;

/**
 * A frame of a capture.
 *
 * @param stampNs nanoseconds since any origin
 * @param bytes the whole frame
 * @param captured how many of its bytes the capture kept
 * @param linkLayer one of {@code LinkLayer}
 */
record CapturedFrame(long stampNs, MemorySegment bytes, int captured, int linkLayer) {}
