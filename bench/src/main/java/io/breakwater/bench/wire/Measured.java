package io.breakwater.bench.wire;

/**
 * One measurement.
 *
 * @param measure what was asked
 * @param device what stood between
 * @param workload what was sent
 * @param round in which turn, from 1
 * @param observation what was seen
 */
record Measured(Measure measure, Device device, Workload workload, int round, Observation observation) {}
