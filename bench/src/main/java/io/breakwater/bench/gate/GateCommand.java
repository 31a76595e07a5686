package io.breakwater.bench.gate;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Progress;
import io.breakwater.bench.replay.BenchPolicy;
import io.breakwater.bench.replay.PolicyFigures;
import io.breakwater.bench.replay.ReplayBench;
import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.GeneratedTraffic;
import io.breakwater.bench.traffic.Tempo;
import io.breakwater.bench.traffic.TrafficMix;
import io.breakwater.bench.wire.WireGate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code breakwater bench gate}: what must hold on any machine, in less than a minute. Absolute figures depend on the
 * machine and are told, not judged.
 */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description = "Check in less than a minute that the ratios that must hold do hold; exit 1 if not.")
public final class GateCommand implements Callable<Integer> {
    /** Not per frame: what the JVM itself allocates on the threads of a pipeline. */
    static final long ALLOWANCE_BYTES = 16_384;

    /** What the default policy may cost of the memcached-only policy per attack frame. */
    static final double MOST_COST_RATIO = 2.0;

    private static final int SOURCES = 1_000_000;
    private static final int RUNS = 5;
    private static final long RUN_NS = 500_000_000L;
    private static final long WARM_UP_NS = 1_500_000_000L;

    @Option(names = "--no-live", description = "Leave out the live check, which needs root.")
    private boolean withoutLive;

    private boolean allHold = true;

    @Override
    public Integer call() throws InterruptedException {
        try (Progress progress = new Progress()) {
            checkAllocation(figures(progress, TrafficMix.MIX, 2, BenchPolicy.DEFAULT));
            checkCost(figures(progress, TrafficMix.ATTACK, 1, BenchPolicy.DEFAULT, BenchPolicy.MEMCACHED_ONLY));
            checkLive(progress);
        }
        return allHold ? 0 : CommandFailure.RUN_TIME;
    }

    private static List<PolicyFigures> figures(Progress progress, TrafficMix mix, int threads, String... policies)
            throws InterruptedException {
        GeneratedTraffic traffic =
                new GeneratedTraffic(mix, 60, SOURCES, GeneratedTraffic.vectors(List.of("memcached")));
        List<BenchPolicy> compared =
                List.of(policies).stream().map(BenchPolicy::of).toList();
        try (FrameSet frames = traffic.generate()) {
            return new ReplayBench(compared, frames, threads, Tempo.FULL, RUNS, 0, RUN_NS, WARM_UP_NS).run(progress);
        }
    }

    private void checkAllocation(List<PolicyFigures> figures) {
        PolicyFigures mix = figures.getFirst();
        judge(
                mix.allocatedBytes() <= ALLOWANCE_BYTES,
                "allocation: %,d bytes in %,d frames (at most %,d in all)",
                mix.allocatedBytes(),
                mix.frames(),
                ALLOWANCE_BYTES);
        tell(
                "speed: %,.0f frames/s, mix of attack and legitimate, %,d sources (told, not judged)",
                mix.framesPerSecond().median(), SOURCES);
    }

    private void checkCost(List<PolicyFigures> figures) {
        double ratio = figures.getFirst().costRatioTo(figures.getLast()).median();
        judge(
                ratio <= MOST_COST_RATIO,
                "cost: an attack frame costs %.2f x under the default policy of what it costs under memcached-only"
                        + " (at most %.1f)",
                ratio,
                MOST_COST_RATIO);
    }

    private void checkLive(Progress progress) throws InterruptedException {
        if (withoutLive) {
            tell("live: left out, as --no-live says");
        } else if (!WireGate.isPossible()) {
            tell("live: left out, it needs root; run: sudo ./breakwater bench gate");
        } else {
            checkPorts(WireGate.measure(progress));
        }
    }

    private void checkPorts(WireGate wire) {
        judge(
                wire.pcapToBareLoop() >= WireGate.LEAST_PCAP_TO_BARE,
                "live: the pcap port forwards %.2f x what a bare pcap4j loop does (at least %.1f)",
                wire.pcapToBareLoop(),
                WireGate.LEAST_PCAP_TO_BARE);
        if (wire.withoutXdp().isPresent()) {
            judge(
                    false,
                    "live: the xdp port cannot be measured: %s",
                    wire.withoutXdp().get());
            return;
        }
        judge(
                wire.xdpToPcap() >= WireGate.LEAST_XDP_TO_PCAP,
                "live: the xdp port forwards %.2f x what the pcap port does (at least %.1f)",
                wire.xdpToPcap(),
                WireGate.LEAST_XDP_TO_PCAP);
        judge(
                wire.xdpToBridge() >= WireGate.LEAST_XDP_TO_BRIDGE,
                "live: the xdp port forwards %.2f x what a Linux bridge does (at least %.1f)",
                wire.xdpToBridge(),
                WireGate.LEAST_XDP_TO_BRIDGE);
    }

    private void judge(boolean holds, String format, Object... values) {
        allHold &= holds;
        tell((holds ? "ok    " : "FAIL  ") + format, values);
    }

    private static void tell(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
