package io.breakwater.bench.wire;

import java.util.List;
import java.util.Set;

/**
 * What a run measures.
 *
 * @param devices in the order in which they take their turns; every second round goes backwards, so that a machine that
 *     drifts favours none
 * @param workloads for {@link Measure#GOODPUT}
 * @param measures what is asked of each device
 * @param rounds turns of each device
 * @param seconds of each measurement
 * @param framesPerSecond offered for {@link Measure#GOODPUT}; {@link Load#UNLIMITED}: as many as the sender can make
 * @param probesPerSecond that run beside each of these loads to time the round trip; 0: none, so that nothing but the load
 *     wakes a device
 * @param memory whether devices are asked for their memory before and behind each of these loads
 * @param base what the others are compared with, round by round
 * @param senderCore core of the sender, from 0
 * @param deviceCore core of the device's program
 */
record WirePlan(
        List<Device> devices,
        List<Workload> workloads,
        Set<Measure> measures,
        int rounds,
        double seconds,
        long framesPerSecond,
        long probesPerSecond,
        boolean memory,
        Device base,
        int senderCore,
        int deviceCore) {
    /** Loss that still counts as none. */
    static final double ALLOWED_LOSS = 0.001;

    /** What the highest rate is searched for with. */
    static final List<Workload> SEARCHED =
            List.of(new Workload(Mix.LEGITIMATE, 60, 1 << 16), new Workload(Mix.MOSTLY_ATTACK, 60, 1 << 16));

    /** Of the curve: so many legitimate frames a second stand against a growing attack. */
    static final long CURVE_LEGITIMATE = 100_000;

    static final List<Long> CURVE_ATTACKS = List.of(0L, 500_000L, 1_000_000L, 2_000_000L);

    /** Probes a second on a calm line, and beside a load if nothing else is asked for. */
    static final long PROBES = 500;

    static final Workload CALM = new Workload(Mix.LEGITIMATE, 60, 1 << 16);

    WirePlan {
        devices = List.copyOf(devices);
        workloads = List.copyOf(workloads);
        measures = Set.copyOf(measures);
    }
}
