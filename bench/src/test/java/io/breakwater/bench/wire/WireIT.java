package io.breakwater.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.bench.Progress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real frames through real kernels: the benchmark's own parts must be exact before they measure others. */
class WireIT {
    private static final Workload MIX = new Workload(Mix.MOSTLY_ATTACK, 60, 1 << 16);

    @BeforeEach
    void needRoot() {
        assumeTrue(Testbed.isPossible(), "needs root and the program ip");
    }

    private static WireFigures measure(List<Device> devices, Measure measure) throws InterruptedException {
        try (Progress progress = new Progress()) {
            WirePlan plan = new WirePlan(
                    devices,
                    List.of(MIX),
                    Set.of(measure),
                    1,
                    0.3,
                    Load.UNLIMITED,
                    WirePlan.PROBES,
                    measure == Measure.GOODPUT,
                    devices.getFirst(),
                    0,
                    1);
            return WireBench.run(plan, progress);
        }
    }

    @Test
    void shouldCountEachFrameOnceWhenNothingIsBetween() throws InterruptedException {
        WireFigures figures = measure(List.of(Device.DIRECT), Measure.GOODPUT);

        assertThat(figures.leftOut()).isEmpty();
        Observation seen =
                figures.of(Measure.GOODPUT, Device.DIRECT, MIX).getFirst().observation();
        assertThat(seen.sentLegitimate()).isGreaterThan(1_000);
        assertThat(seen.deliveredLegitimate()).isEqualTo(seen.sentLegitimate());
        assertThat(seen.duplicates()).isZero();
        assertThat(seen.late()).isZero();
        assertThat((double) seen.offeredAttack() / (seen.offeredAttack() + seen.offeredLegitimate()))
                .isBetween(0.899, 0.901);
        assertThat(seen.roundTrips().getTotalCount()).isPositive();
    }

    @Test
    void shouldTellAttackFromLegitimateFrames() throws InterruptedException {
        WireFigures figures = measure(List.of(Device.BRIDGE, Device.NFT_PORT), Measure.GOODPUT);

        assertThat(figures.leftOut()).isEmpty();
        assertThat(figures.of(Measure.GOODPUT, Device.BRIDGE, MIX)
                        .getFirst()
                        .observation()
                        .attack())
                .isPositive();
        Observation dropping =
                figures.of(Measure.GOODPUT, Device.NFT_PORT, MIX).getFirst().observation();
        assertThat(dropping.attack()).isZero();
        assertThat(dropping.legitimate()).isPositive();
    }

    @Test
    void shouldTimeProbesThroughBreakwaterOnACalmLine() throws InterruptedException {
        WireFigures figures = measure(List.of(Device.BREAKWATER_PCAP), Measure.CALM);

        assertThat(figures.leftOut()).isEmpty();
        Observation seen = figures.of(Measure.CALM, Device.BREAKWATER_PCAP, WirePlan.CALM)
                .getFirst()
                .observation();
        assertThat(seen.probesSent()).isGreaterThan(50);
        assertThat(seen.roundTrips().getTotalCount()).isEqualTo(seen.probesSent());
    }
}
