package io.breakwater.bench.wire;

import org.HdrHistogram.Histogram;

/**
 * What was seen of one load. Rates are those of a window behind a ramp; totals are of the whole load, the ramp and what a
 * device still held at its end included.
 *
 * @param seconds of the window
 * @param offeredLegitimate frames sent within it
 * @param offeredAttack frames sent within it
 * @param legitimate frames that arrived within it
 * @param attack frames that arrived within it
 * @param sentLegitimate of the whole load
 * @param deliveredLegitimate of the whole load
 * @param duplicates legitimate frames that came twice
 * @param late legitimate frames that came behind a younger one
 * @param probesSent of the whole load
 * @param cpu used within the window
 * @param roundTrips of the probes that came back, nanoseconds
 * @param memoryBefore of the device, if it was asked for
 * @param memoryAfter the same behind the load
 */
record Observation(
        double seconds,
        long offeredLegitimate,
        long offeredAttack,
        long legitimate,
        long attack,
        long sentLegitimate,
        long deliveredLegitimate,
        long duplicates,
        long late,
        long probesSent,
        CpuTimes cpu,
        Histogram roundTrips,
        Memory memoryBefore,
        Memory memoryAfter) {
    Observation withMemory(Memory before, Memory after) {
        return new Observation(
                seconds,
                offeredLegitimate,
                offeredAttack,
                legitimate,
                attack,
                sentLegitimate,
                deliveredLegitimate,
                duplicates,
                late,
                probesSent,
                cpu,
                roundTrips,
                before,
                after);
    }

    double offeredPerSecond() {
        return (offeredLegitimate + offeredAttack) / seconds;
    }

    double offeredAttackPerSecond() {
        return offeredAttack / seconds;
    }

    double legitimatePerSecond() {
        return legitimate / seconds;
    }

    double attackPerSecond() {
        return attack / seconds;
    }

    /** Of the legitimate frames of the whole load, 0 to 1. */
    double lostShare() {
        return sentLegitimate == 0 ? 0 : Math.max(0, 1 - (double) deliveredLegitimate / sentLegitimate);
    }

    /** What the device is judged by: the good frames it delivers, or the bad ones that it takes off the sender. */
    double headlinePerSecond() {
        return offeredLegitimate > 0 ? legitimatePerSecond() : offeredAttackPerSecond();
    }

    /** Cores that its process kept busy. */
    double deviceCores() {
        return cpu.device() / seconds;
    }

    /** Cores that anything kept busy, the sender included. */
    double machineCores() {
        return cpu.machine() / seconds;
    }
}
