package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Rate;

/**
 * Snort's and Suricata's {@code rate_filter} count: a window opens with a key's first frame, lasts its length inclusive,
 * and lets {@code count} frames through; the next frame after its end opens another. (Unlike Suricata's counter, which
 * is frozen while its timeout runs, frames count during a hold, as with token buckets.)
 */
final class CountingWindow extends Allowance {
    private final long count;
    private final long lengthNs;

    CountingWindow(LimitRule.Window window, long holdNs) {
        long lengthNs = Math.min(window.seconds(), MAX_NS / 3 / Rate.SECOND_NS) * Rate.SECOND_NS;
        super(holdNs, 3 * lengthNs + 1);
        this.count = window.count();
        this.lengthNs = lengthNs;
    }

    @Override
    @HotPath
    boolean takes(EntryMemory memory, int at, int frameBytes, long nowNs) {
        memory.near[at + EntryMemory.SEEN_NS] = nowNs;
        long frames = memory.near[at + EntryMemory.WINDOW_FRAMES];
        if (frames == 0 || nowNs - memory.near[at + EntryMemory.WINDOW_OPENED_NS] > lengthNs) {
            memory.near[at + EntryMemory.WINDOW_OPENED_NS] = nowNs;
            frames = 0;
        }
        memory.near[at + EntryMemory.WINDOW_FRAMES] = frames + 1;
        return frames < count;
    }

    @Override
    long framesAtOnce() {
        return count;
    }

    @Override
    long framesPerSecond() {
        return count * Rate.SECOND_NS / Math.max(1, lengthNs);
    }

    @Override
    long spentUntilNs(EntryMemory memory, int at) {
        return memory.near[at + EntryMemory.WINDOW_OPENED_NS] + lengthNs + 1;
    }

    /**
     * The window's end, and more by how much of the count is used: a key that used half of it in half of the window
     * weighs as much as one that has just come. Keys over the count weigh more than any that is not.
     */
    @Override
    long spentWeightNs(EntryMemory memory, int at) {
        long frames = memory.near[at + EntryMemory.WINDOW_FRAMES];
        double share = frames > count ? 2 : Math.max(0, frames - 1) / (double) count;
        return spentUntilNs(memory, at) + (long) (lengthNs * share);
    }
}
