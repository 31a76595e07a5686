package io.breakwater.bench.replay;

import io.breakwater.bench.Spread;
import io.breakwater.engine.measure.LatencyRecorder;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What one policy's windows gave.
 *
 * @param policy its name
 * @param windows at least one, in the order in which they were measured
 */
public record PolicyFigures(String policy, List<Window> windows) {
    public PolicyFigures {
        windows = List.copyOf(windows);
    }

    public Spread framesPerSecond() {
        return spread(Window::framesPerSecond);
    }

    public Spread nsPerFrame() {
        return spread(Window::nsPerFrame);
    }

    public Spread cpuNsPerFrame() {
        return spread(Window::cpuNsPerFrame);
    }

    /** Mean over all windows: allocation is no matter of chance. */
    public double bytesPerFrame() {
        return (double) allocatedBytes() / Math.max(1, frames());
    }

    public long allocatedBytes() {
        return windows.stream().mapToLong(Window::allocatedBytes).sum();
    }

    public long frames() {
        return windows.stream().mapToLong(Window::frames).sum();
    }

    public long forwarded() {
        return windows.stream().mapToLong(Window::forwarded).sum();
    }

    public long dropped() {
        return windows.stream().mapToLong(Window::dropped).sum();
    }

    /** Of all windows together. */
    public Histogram latency() {
        Histogram all = LatencyRecorder.emptyHistogram();
        windows.forEach(window -> all.add(window.latency()));
        return all;
    }

    /** In all windows together. */
    public Stalls stalls() {
        return windows.stream().map(Window::stalls).reduce(Stalls.NONE, Stalls::and);
    }

    /**
     * How much more processor time a frame costs than with another policy, window by window: both were measured in turn,
     * so that a machine that drifts slows both.
     */
    public Spread costRatioTo(PolicyFigures other) {
        return Spread.of(IntStream.range(0, Math.min(windows.size(), other.windows.size()))
                .mapToObj(i ->
                        windows.get(i).cpuNsPerFrame() / other.windows.get(i).cpuNsPerFrame())
                .toList());
    }

    private Spread spread(ToDoubleFunction<Window> figure) {
        return Spread.of(
                windows.stream().map(window -> figure.applyAsDouble(window)).toList());
    }
}
