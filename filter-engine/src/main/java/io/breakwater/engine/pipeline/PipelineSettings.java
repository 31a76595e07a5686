package io.breakwater.engine.pipeline;

/**
 * How a pipeline is laid onto threads.
 *
 * @param name for thread names, such as {@code uplink-inbound}
 * @param threads 1: all stages on one; 2: rx, then filter and egress; 3: rx, filter, egress. Verdicts are the same
 * @param ringSlots slots of the ring, a power of two, at least {@code maxBatch}
 * @param maxBatch frames per batch at most: how often clocks are read, chains swapped and sinks flushed
 * @param replay frames' stamps drive the clock of limits, and nothing is lost: a full ring waits
 * @param latency from when to when latency runs
 */
public record PipelineSettings(
        String name, int threads, int ringSlots, int maxBatch, boolean replay, LatencyClock latency) {
    /** Enough for 1.5 ms of 64-byte frames at 1 Gbit/s; larger rings leave the cache. Unmeasured. */
    public static final int DEFAULT_RING_SLOTS = 4096;

    /** The prototypes' best batch: larger ones gained nothing. */
    public static final int DEFAULT_MAX_BATCH = 64;

    public PipelineSettings {
        if (threads < 1 || threads > 3) {
            throw new IllegalArgumentException("threads must be 1, 2 or 3, not " + threads);
        }
        if (Integer.bitCount(ringSlots) != 1 || maxBatch < 1 || maxBatch > ringSlots) {
            throw new IllegalArgumentException("ring slots must be a power of two that holds a batch");
        }
    }

    /**
     * Slots of the ring for so many threads. Where one does everything, the ring never holds more than a batch, and few slots
     * stay in the core's nearest cache. Measured: docs/adr/0004-frames-are-judged-a-batch-at-a-time.md.
     *
     * @param maxBatch a power of two
     */
    public static int ringSlots(int threads, int maxBatch) {
        return threads == 1 ? maxBatch : DEFAULT_RING_SLOTS;
    }

    /** A lane between two cards. */
    public static PipelineSettings live(String name, int threads, LatencyClock latency) {
        return new PipelineSettings(
                name, threads, ringSlots(threads, DEFAULT_MAX_BATCH), DEFAULT_MAX_BATCH, false, latency);
    }

    /** A capture through both lanes. */
    public static PipelineSettings replay(int threads) {
        return new PipelineSettings(
                "replay",
                threads,
                ringSlots(threads, DEFAULT_MAX_BATCH),
                DEFAULT_MAX_BATCH,
                true,
                LatencyClock.PUBLICATION);
    }
}
