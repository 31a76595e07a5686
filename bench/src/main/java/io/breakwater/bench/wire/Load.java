package io.breakwater.bench.wire;

/**
 * What the generator is told to send.
 *
 * @param mix of attack and legitimate frames
 * @param sizeBytes of each, without frame check sequence
 * @param sources different addresses of each kind, a power of two
 * @param framesPerSecond offered in all; {@link #UNLIMITED}: as many as the card takes; 0: probes only
 * @param probesPerSecond besides
 * @param durationNs after which it ends by itself
 */
record Load(Mix mix, int sizeBytes, int sources, long framesPerSecond, long probesPerSecond, long durationNs) {
    static final long UNLIMITED = Long.MAX_VALUE;

    /** The load of a workload at this rate. */
    static Load of(Workload workload, long framesPerSecond, long probesPerSecond, long durationNs) {
        return new Load(
                workload.mix(), workload.sizeBytes(), workload.sources(), framesPerSecond, probesPerSecond, durationNs);
    }
}
