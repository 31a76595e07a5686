package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Progress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ratios between devices that must hold on any machine, measured in one short interleaved run. They leave room below
 * what the wire benchmark shows on a quiet machine: a gate that fails on a busy one is not believed for long.
 */
public final class WireGate {
    /** What the pcap port must reach of a bare pcap4j loop. */
    public static final double LEAST_PCAP_TO_BARE = 0.8;

    /** What the xdp port must reach of the pcap port. Measured: 3.1 at 60 bytes, 3.2 at 1,400. */
    public static final double LEAST_XDP_TO_PCAP = 1.5;

    /** What the xdp port must reach of a Linux bridge. Measured on two busy cores: 0.72 and 0.87. */
    public static final double LEAST_XDP_TO_BRIDGE = 0.5;

    private static final Workload FORWARDED = new Workload(Mix.LEGITIMATE, 60, 1 << 16);
    private static final int ROUNDS = 2;
    private static final double SECONDS = 0.5;

    private final WireFigures figures;

    private WireGate(WireFigures figures) {
        this.figures = figures;
    }

    /** Whether this process may make network namespaces. */
    public static boolean isPossible() {
        return Testbed.isPossible();
    }

    /** Measures all that is judged. */
    public static WireGate measure(Progress progress) throws InterruptedException {
        WirePlan plan = new WirePlan(
                List.of(Device.BRIDGE, Device.BARE_PCAP4J, Device.BREAKWATER_PCAP, Device.BREAKWATER_XDP),
                List.of(FORWARDED),
                Set.of(Measure.GOODPUT),
                ROUNDS,
                SECONDS,
                Load.UNLIMITED,
                WirePlan.PROBES,
                false,
                Device.BRIDGE,
                0,
                1);
        return new WireGate(WireBench.run(plan, progress));
    }

    /** Frames per second that reach the sink through Breakwater's pcap port, as a multiple of a bare pcap4j loop's. */
    public double pcapToBareLoop() {
        return ratio(Device.BREAKWATER_PCAP, Device.BARE_PCAP4J);
    }

    /** The same of the xdp port, as a multiple of the pcap port's. */
    public double xdpToPcap() {
        return ratio(Device.BREAKWATER_XDP, Device.BREAKWATER_PCAP);
    }

    /** The same of the xdp port, as a multiple of a plain bridge's. */
    public double xdpToBridge() {
        return ratio(Device.BREAKWATER_XDP, Device.BRIDGE);
    }

    /** Why there is no xdp port here, if there is none. */
    public Optional<String> withoutXdp() {
        return Optional.ofNullable(figures.leftOut().get(Device.BREAKWATER_XDP));
    }

    private double ratio(Device ours, Device theirs) {
        return figures.ratio(Measure.GOODPUT, ours, theirs, FORWARDED, Observation::legitimatePerSecond)
                .orElseThrow(() -> CommandFailure.atRunTime("not measured: " + figures.leftOut()))
                .median();
    }
}
