package io.breakwater.bench.wire;

import io.breakwater.bench.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Figures as tables for people. */
final class WireText {
    private static final String NONE = "-";
    private static final double NS_PER_US = 1e3;
    private static final double BYTES_PER_MB = 1e6;

    private final WireFigures figures;
    private final StringBuilder text = new StringBuilder();

    private WireText(WireFigures figures) {
        this.figures = figures;
    }

    static String of(WireFigures figures) {
        WireText text = new WireText(figures);
        text.write();
        return text.text.toString();
    }

    private void write() {
        WirePlan plan = figures.plan();
        line(
                "medians of %d rounds of %.1f s each (least to greatest); x: multiple of %s, round by round",
                plan.rounds(), plan.seconds(), plan.base().id());
        if (plan.measures().contains(Measure.GOODPUT)) {
            plan.workloads().forEach(this::goodput);
        }
        if (plan.measures().contains(Measure.CALM)) {
            calm();
        }
        if (plan.measures().contains(Measure.HIGHEST)) {
            WirePlan.SEARCHED.forEach(this::highest);
        }
        if (plan.measures().contains(Measure.CURVE)) {
            curve();
        }
        leftOut();
    }

    private void goodput(Workload workload) {
        line("");
        long rate = figures.plan().framesPerSecond();
        line(
                "%s: %s%s",
                workload.label(),
                rate == Load.UNLIMITED
                        ? "sender at full speed"
                        : String.format(Locale.ROOT, "%,d frames/s offered", rate),
                figures.plan().probesPerSecond() == 0 ? ", no probes" : "");
        line(
                "  %-26s %22s %21s %6s %9s %9s %6s %6s  %s",
                "device",
                workload.mix().hasLegitimate() ? "legitimate frames/s" : "attack frames/s taken",
                "",
                "x",
                "offered/s",
                "attack/s",
                "device",
                "all",
                "round trip");
        line(
                "  %-26s %22s %21s %6s %9s %9s %6s %6s  %s",
                "", "", "", "", "", "passed", "cores", "cores", "p50/p99/p99.9 us");
        for (Device device : figures.devices()) {
            goodput(workload, device);
        }
        if (figures.plan().memory()) {
            figures.devices().forEach(device -> memory(workload, device));
        }
    }

    private void memory(Workload workload, Device device) {
        for (Measured one : figures.of(Measure.GOODPUT, device, workload)) {
            Observation seen = one.observation();
            if (!seen.memoryAfter().equals(Memory.NONE)) {
                line(
                        "  %-26s round %d: %.3f %% lost; resident %.1f MB before, %.1f MB behind; heap in use %.1f, %.1f MB",
                        device.id(),
                        one.round(),
                        100 * seen.lostShare(),
                        seen.memoryBefore().residentBytes() / BYTES_PER_MB,
                        seen.memoryAfter().residentBytes() / BYTES_PER_MB,
                        seen.memoryBefore().heapBytes() / BYTES_PER_MB,
                        seen.memoryAfter().heapBytes() / BYTES_PER_MB);
            }
        }
    }

    private void goodput(Workload workload, Device device) {
        Optional<Spread> rate = figures.spread(Measure.GOODPUT, device, workload, Observation::headlinePerSecond);
        if (rate.isEmpty()) {
            return;
        }
        line(
                "  %-26s %,22.0f %21s %6s %9s %9s %6s %6s  %s",
                device.id(),
                rate.get().median(),
                String.format(
                        Locale.ROOT,
                        "(%,.0f to %,.0f)",
                        rate.get().least(),
                        rate.get().greatest()),
                ratio(Measure.GOODPUT, device, workload),
                thousands(figures.spread(Measure.GOODPUT, device, workload, Observation::offeredPerSecond)),
                thousands(figures.spread(Measure.GOODPUT, device, workload, Observation::attackPerSecond)),
                hundredths(figures.spread(Measure.GOODPUT, device, workload, Observation::deviceCores)),
                hundredths(figures.spread(Measure.GOODPUT, device, workload, Observation::machineCores)),
                percentiles(figures.roundTrips(Measure.GOODPUT, device, workload)));
    }

    private String ratio(Measure measure, Device device, Workload workload) {
        return hundredths(
                figures.ratio(measure, device, figures.plan().base(), workload, Observation::headlinePerSecond));
    }

    private void calm() {
        line("");
        line("round trip of a probe on a calm line, %d/s", WirePlan.PROBES);
        line(
                "  %-26s %24s %24s %26s %7s",
                "device", "p50/p99/p99.9 us", "above bridge p50/p99", "probes back", "cores");
        for (Device device : figures.devices()) {
            Histogram times = figures.roundTrips(Measure.CALM, device, WirePlan.CALM);
            long sent = figures.of(Measure.CALM, device, WirePlan.CALM).stream()
                    .mapToLong(one -> one.observation().probesSent())
                    .sum();
            line(
                    "  %-26s %24s %24s %26s %7s",
                    device.id(),
                    percentiles(times),
                    figures.addedCalm(device, 50)
                            .map(p50 -> micros(p50.median()) + "/"
                                    + micros(figures.addedCalm(device, 99)
                                            .orElse(p50)
                                            .median()))
                            .filter(added -> times.getTotalCount() > 0)
                            .orElse(NONE),
                    times.getTotalCount() + " of " + sent,
                    hundredths(figures.spread(Measure.CALM, device, WirePlan.CALM, Observation::deviceCores)));
        }
    }

    private void highest(Workload workload) {
        line("");
        line("%s: highest rate with less than 0.1 %% of the legitimate frames lost", workload.label());
        line("  %-26s %16s %28s %6s %10s", "device", "frames/s", "", "x", "loss");
        for (Device device : figures.devices()) {
            figures.spread(Measure.HIGHEST, device, workload, Observation::offeredPerSecond)
                    .ifPresent(rate -> line(
                            "  %-26s %,16.0f %28s %6s %9.3f%%",
                            device.id(),
                            rate.median(),
                            String.format(Locale.ROOT, "(%,.0f to %,.0f)", rate.least(), rate.greatest()),
                            hundredths(figures.ratio(
                                    Measure.HIGHEST,
                                    device,
                                    figures.plan().base(),
                                    workload,
                                    Observation::offeredPerSecond)),
                            100
                                    * figures.spread(Measure.HIGHEST, device, workload, Observation::lostShare)
                                            .orElse(rate)
                                            .median()));
        }
    }

    private void curve() {
        line("");
        line(
                "legitimate frames delivered of %,d/s, 60 bytes, as the attack grows (in brackets: attack offered/s)",
                WirePlan.CURVE_LEGITIMATE);
        List<Workload> points = figures.curveWorkloads();
        for (Device device : figures.devices()) {
            StringBuilder row = new StringBuilder();
            for (Workload point : points) {
                row.append(String.format(
                        Locale.ROOT,
                        "  %6.2f%% (%s)",
                        100
                                * figures.spread(Measure.CURVE, device, point, one -> 1 - one.lostShare())
                                        .map(Spread::median)
                                        .orElse(Double.NaN),
                        thousands(figures.spread(Measure.CURVE, device, point, Observation::offeredAttackPerSecond))
                                .strip()));
            }
            line("  %-26s%s", device.id(), row);
        }
    }

    private void leftOut() {
        if (!figures.leftOut().isEmpty()) {
            line("");
            figures.leftOut().forEach((device, why) -> line("left out: %s: %s", device.id(), why));
        }
    }

    private static String percentiles(Histogram times) {
        return times.getTotalCount() == 0
                ? NONE
                : percentile(times, 50) + "/" + percentile(times, 99) + "/" + percentile(times, 99.9);
    }

    private static String percentile(Histogram times, double percentile) {
        return micros((double) times.getValueAtPercentile(percentile));
    }

    private static String micros(double ns) {
        return String.format(Locale.ROOT, Math.abs(ns) < 100 * NS_PER_US ? "%.1f" : "%.0f", ns / NS_PER_US);
    }

    private static String thousands(Optional<Spread> rate) {
        return rate.map(spread -> String.format(Locale.ROOT, "%,.0fk", spread.median() / 1_000))
                .orElse(NONE);
    }

    private static String hundredths(Optional<Spread> figure) {
        return figure.map(spread -> String.format(Locale.ROOT, "%.2f", spread.median()))
                .orElse(NONE);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
