package io.breakwater.bench.replay;

import org.HdrHistogram.Histogram;

/**
 * What one measured stretch of a run gave.
 *
 * @param frames that got their fate in it
 * @param ns it took
 * @param cpuNs what of it the thread that filters really ran: what others took from it on a busy machine is left out
 * @param allocatedBytes by all threads of the pipeline
 * @param forwarded of the frames
 * @param dropped of the frames
 * @param latency of the forwarded ones, from publication of the slot to egress, in nanoseconds
 * @param stalls during it
 */
public record Window(
        long frames,
        long ns,
        long cpuNs,
        long allocatedBytes,
        long forwarded,
        long dropped,
        Histogram latency,
        Stalls stalls) {
    public double framesPerSecond() {
        return frames * 1e9 / ns;
    }

    public double nsPerFrame() {
        return (double) ns / Math.max(1, frames);
    }

    /** With one thread, what a frame costs; with more, at least that, because a worker spins while it waits. */
    public double cpuNsPerFrame() {
        return (double) cpuNs / Math.max(1, frames);
    }

    public double bytesPerFrame() {
        return (double) allocatedBytes / Math.max(1, frames);
    }
}
