package io.breakwater.bench.wire;

import io.breakwater.bench.Progress;
import java.util.List;
import java.util.Set;

/** The ratios between devices that must hold, measured shortly. */
public final class WireGate {
    /** What the pcap port must reach of a bare pcap4j loop. */
    public static final double LEAST_PCAP_RATIO = 0.8;

    private static final Workload FORWARDED = new Workload(Mix.LEGITIMATE, 60, 1 << 16);
    private static final int ROUNDS = 3;
    private static final double SECONDS = 0.7;

    private final WireFigures figures;

    private WireGate(WireFigures figures) {
        this.figures = figures;
    }

    /** Whether this process may make network namespaces. */
    public static boolean isPossible() {
        return Testbed.isPossible();
    }

    /** Measures all that is judged, in one interleaved run. */
    public static WireGate measure(Progress progress) throws InterruptedException {
        WirePlan plan = new WirePlan(
                List.of(Device.BARE_PCAP4J, Device.BREAKWATER_PCAP),
                List.of(FORWARDED),
                Set.of(Measure.GOODPUT),
                ROUNDS,
                SECONDS,
                Device.BARE_PCAP4J,
                0,
                1);
        return new WireGate(WireBench.run(plan, progress));
    }

    /** Frames per second that reach the sink through Breakwater's pcap port, as a multiple of a bare pcap4j loop's. */
    public double pcapToBareLoop() {
        return ratio(Device.BREAKWATER_PCAP, Device.BARE_PCAP4J);
    }

    private double ratio(Device ours, Device theirs) {
        return figures.ratio(Measure.GOODPUT, ours, theirs, FORWARDED, Observation::legitimatePerSecond)
                .orElseThrow(() ->
                        io.breakwater.appliance.process.CommandFailure.atRunTime("not measured: " + figures.leftOut()))
                .median();
    }
}
