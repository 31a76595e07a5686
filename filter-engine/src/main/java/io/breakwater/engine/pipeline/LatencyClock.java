package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;
import java.time.Instant;

/** From when to when a frame's latency runs. Thread: egress. */
public enum LatencyClock {
    /** From the publication of the slot's rx batch to egress, both {@code System.nanoTime()}. */
    PUBLICATION {
        @Override
        long nowNs() {
            return System.nanoTime();
        }

        @Override
        long startNs(FrameSlot slot) {
            return slot.publishedNs();
        }
    },
    /** From the kernel's receive stamp to egress, both CLOCK_REALTIME. */
    KERNEL_STAMP {
        @Override
        long nowNs() {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        long startNs(FrameSlot slot) {
            return slot.timestampNs();
        }
    };

    /** Read once per batch, when it has left. */
    abstract long nowNs();

    abstract long startNs(FrameSlot slot);
}
