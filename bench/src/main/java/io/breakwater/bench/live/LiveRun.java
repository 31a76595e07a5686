package io.breakwater.bench.live;

import org.HdrHistogram.Histogram;

/**
 * One device, one size, one run.
 *
 * @param device what stood between
 * @param sizeBytes of each frame
 * @param framesPerSecond that reached the sink
 * @param latency of Breakwater's inbound lane, from the kernel's stamp to egress, in nanoseconds; empty for others
 */
record LiveRun(Device device, int sizeBytes, double framesPerSecond, Histogram latency) {}
