package io.breakwater.bench.wire;

import io.breakwater.bench.Spread;
import io.breakwater.engine.measure.LatencyRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What the measurements of a run come to.
 *
 * @param plan what was asked
 * @param measured all of it, in order
 * @param leftOut devices that could not be measured, and why
 */
record WireFigures(WirePlan plan, List<Measured> measured, Map<Device, String> leftOut) {
    WireFigures {
        measured = List.copyOf(measured);
        leftOut = Map.copyOf(leftOut);
    }

    /** Devices that were measured, in the order of the plan. */
    List<Device> devices() {
        return plan.devices().stream()
                .filter(device -> measured.stream().anyMatch(one -> one.device() == device))
                .toList();
    }

    /** Whether Breakwater itself is among those that failed. */
    boolean breakwaterFailed() {
        return leftOut.keySet().stream().anyMatch(Device::isBreakwater);
    }

    List<Measured> of(Measure measure, Device device, Workload workload) {
        return measured.stream()
                .filter(one -> one.measure() == measure
                        && one.device() == device
                        && one.workload().equals(workload))
                .toList();
    }

    /** Over all rounds; empty if the device was not asked that. */
    Optional<Spread> spread(Measure measure, Device device, Workload workload, ToDoubleFunction<Observation> figure) {
        List<Double> values = of(measure, device, workload).stream()
                .map(one -> figure.applyAsDouble(one.observation()))
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** A figure as a multiple of the same figure of another device, round by round. */
    Optional<Spread> ratio(
            Measure measure, Device device, Device base, Workload workload, ToDoubleFunction<Observation> figure) {
        List<Double> ratios = new ArrayList<>();
        for (Measured ours : of(measure, device, workload)) {
            of(measure, base, workload).stream()
                    .filter(theirs -> theirs.round() == ours.round())
                    .findFirst()
                    .ifPresent(theirs -> ratios.add(figure.applyAsDouble(ours.observation())
                            / Math.max(1, figure.applyAsDouble(theirs.observation()))));
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    /** Round trips of all rounds together. */
    Histogram roundTrips(Measure measure, Device device, Workload workload) {
        Histogram all = LatencyRecorder.emptyHistogram();
        of(measure, device, workload).forEach(one -> all.add(one.observation().roundTrips()));
        return all;
    }

    /** How much longer a probe's way is than over the plain bridge, nanoseconds, round by round. */
    Optional<Spread> addedCalm(Device device, double percentile) {
        List<Double> added = new ArrayList<>();
        for (Measured ours : of(Measure.CALM, device, WirePlan.CALM)) {
            Predicate<Measured> sameRound = theirs -> theirs.round() == ours.round();
            of(Measure.CALM, Device.BRIDGE, WirePlan.CALM).stream()
                    .filter(sameRound)
                    .findFirst()
                    .ifPresent(theirs ->
                            added.add((double) ours.observation().roundTrips().getValueAtPercentile(percentile)
                                    - theirs.observation().roundTrips().getValueAtPercentile(percentile)));
        }
        return added.isEmpty() ? Optional.empty() : Optional.of(Spread.of(added));
    }

    /** The workloads of the curve, by growing attack. */
    List<Workload> curveWorkloads() {
        return measured.stream()
                .filter(one -> one.measure() == Measure.CURVE)
                .map(Measured::workload)
                .distinct()
                .toList();
    }
}
