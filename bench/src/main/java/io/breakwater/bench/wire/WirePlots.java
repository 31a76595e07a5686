package io.breakwater.bench.wire;

import io.breakwater.appliance.plot.Plot;
import io.breakwater.bench.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** Figures as plots. */
final class WirePlots {
    private static final double MILLION = 1e6;
    private static final double NS_PER_US = 1e3;

    private final WireFigures figures;

    WirePlots(WireFigures figures) {
        this.figures = figures;
    }

    /** What was measured of it, in the order in which one reads it. */
    List<Plot> plots() {
        Set<Measure> measures = figures.plan().measures();
        List<Plot> plots = new ArrayList<>();
        if (measures.contains(Measure.GOODPUT)) {
            goodput(plots, "goodput", "Legitimate frames delivered, sender at full speed", true);
            goodput(plots, "attack", "Attack frames taken off the sender, sender at full speed", false);
        }
        if (measures.contains(Measure.CURVE)) {
            plots.add(curve());
        }
        if (measures.contains(Measure.HIGHEST)) {
            plots.add(highest());
        }
        if (measures.contains(Measure.CALM)) {
            plots.add(calm());
        }
        return plots;
    }

    private void goodput(List<Plot> plots, String name, String title, boolean legitimate) {
        List<Workload> workloads = figures.plan().workloads().stream()
                .filter(workload -> workload.mix().hasLegitimate() == legitimate)
                .toList();
        if (!workloads.isEmpty()) {
            plots.add(bars(name, title, Measure.GOODPUT, workloads));
        }
    }

    private Plot highest() {
        return bars(
                "highest",
                "Highest rate with less than 0.1 % of the legitimate frames lost",
                Measure.HIGHEST,
                WirePlan.SEARCHED);
    }

    private Plot bars(String name, String title, Measure measure, List<Workload> workloads) {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (Device device : figures.devices()) {
            series.put(
                    device.id(),
                    workloads.stream()
                            .map(workload -> figures.spread(
                                            measure,
                                            device,
                                            workload,
                                            measure == Measure.HIGHEST
                                                    ? Observation::offeredPerSecond
                                                    : Observation::headlinePerSecond)
                                    .map(spread -> spread.median() / MILLION)
                                    .orElse(Double.NaN))
                            .toList());
        }
        return new Plot.Bars(
                name,
                title,
                "million frames/s",
                workloads.stream().map(Workload::label).toList(),
                series,
                false);
    }

    private Plot curve() {
        Map<String, List<Plot.Point>> series = new LinkedHashMap<>();
        for (Device device : figures.devices()) {
            List<Plot.Point> points = figures.curveWorkloads().stream()
                    .map(workload ->
                            new Plot.Point(median(device, workload, false) / MILLION, median(device, workload, true)))
                    .filter(point -> !Double.isNaN(point.x()))
                    .toList();
            if (!points.isEmpty()) {
                series.put(device.id(), points);
            }
        }
        return new Plot.Lines(
                "curve",
                "Legitimate frames delivered as the attack grows (60 bytes)",
                "attack, million frames/s offered",
                "legitimate frames delivered, %",
                series);
    }

    private double median(Device device, Workload workload, boolean delivered) {
        return figures.spread(
                        Measure.CURVE,
                        device,
                        workload,
                        one -> delivered ? 100 * (1 - one.lostShare()) : one.offeredAttackPerSecond())
                .map(Spread::median)
                .orElse(Double.NaN);
    }

    private Plot calm() {
        List<Device> devices = figures.devices().stream()
                .filter(device ->
                        figures.roundTrips(Measure.CALM, device, WirePlan.CALM).getTotalCount() > 0)
                .toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (double percentile : new double[] {50, 99, 99.9}) {
            series.put(
                    "p" + (percentile == 99.9 ? "99.9" : String.valueOf((int) percentile)),
                    devices.stream().map(device -> micros(device, percentile)).toList());
        }
        return new Plot.Bars(
                "round-trip",
                "Round trip of a probe on a calm line, 500/s",
                "microseconds",
                devices.stream().map(Device::id).toList(),
                series,
                true);
    }

    private double micros(Device device, double percentile) {
        Histogram times = figures.roundTrips(Measure.CALM, device, WirePlan.CALM);
        return times.getValueAtPercentile(percentile) / NS_PER_US;
    }
}
