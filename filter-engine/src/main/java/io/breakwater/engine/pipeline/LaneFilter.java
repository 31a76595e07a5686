package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.Reasons;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Judges the frames of one lane by the chain in force, and changes chains between batches.
 *
 * <p><b>Thread:</b> the filter worker, but for {@link #replaceChain} and the getters, which any thread may call.
 */
public final class LaneFilter {
    private final Lane lane;
    private final LaneCounters counters;
    private final AtomicReference<@Nullable Chain> next = new AtomicReference<>();
    private volatile Chain published;
    private Chain chain;
    private Preclassifier preclassifier;
    private final FrameSlot[] expected = new FrameSlot[RateLimiter.MAX_AHEAD];
    private int expectedCount;

    // Of the frames that were received since the last look ahead: told to the counters together.
    private long receivedFrames;
    private long receivedBytes;
    private long nonIpFrames;
    private long fragmentFrames;

    /** Starts with the given chain. */
    public LaneFilter(Lane lane, LaneCounters counters, Chain chain) {
        this.lane = lane;
        this.counters = counters;
        this.chain = chain;
        this.published = chain;
        this.preclassifier = chain.preclassifier();
    }

    public Lane lane() {
        return lane;
    }

    public LaneCounters counters() {
        return counters;
    }

    /** The newest chain, whether or not a batch has been judged by it yet. */
    public Chain chain() {
        return published;
    }

    /** Puts a chain in force from the next batch on. */
    public synchronized void replaceChain(Chain replacement) {
        published = replacement;
        next.set(replacement);
    }

    /** Called before the first frame of a batch. */
    @HotPath
    void onBatchStart(long nowNs) {
        if (next.getOpaque() != null) {
            Chain replacement = next.getAndSet(null);
            if (replacement != null) {
                chain = replacement;
                preclassifier = replacement.preclassifier();
            }
        }
        chain.onBatchStart(nowNs);
    }

    /** What can be said of a frame before the chain in force judges it. */
    Preclassifier preclassifier() {
        return preclassifier;
    }

    /** Counts a frame. The counters are told at the next {@link #lookAhead}. */
    @HotPath
    void receive(FrameSlot slot) {
        receivedFrames++;
        receivedBytes += slot.length();
        if (!slot.isPlain()) {
            receiveOther(slot);
        }
    }

    /** A plain frame is of IP, and no fragment. */
    private void receiveOther(FrameSlot slot) {
        int status = slot.status();
        if (status == FrameSlot.NON_IP || status == FrameSlot.MAC_PAUSE) {
            nonIpFrames++;
        }
        if (slot.isFragment()) {
            fragmentFrames++;
        }
    }

    /** Notes a decoded frame, at most {@link RateLimiter#MAX_AHEAD} of them, for the next {@link #lookAhead}. */
    @HotPath
    void expect(FrameSlot slot) {
        if (slot.preclassifiedBy() != preclassifier.number()) {
            preclassifier.preclassify(slot);
        }
        int limits = slot.matchingLimits();
        if (limits != 0 && limits != FrameSlot.LIMITS_UNKNOWN) {
            slot.ahead(expectedCount);
            expected[expectedCount++] = slot;
        }
    }

    /** Prepares for the frames that were noted; they are judged next, in order. */
    @HotPath
    void lookAhead(long nowNs) {
        counters.received(receivedFrames, receivedBytes, nonIpFrames, fragmentFrames);
        receivedFrames = 0;
        receivedBytes = 0;
        nonIpFrames = 0;
        fragmentFrames = 0;
        int count = expectedCount;
        expectedCount = 0;
        chain.lookAhead(expected, count, nowNs);
    }

    /** Sets the verdict of a decoded frame. */
    @HotPath
    void judge(FrameSlot slot, long nowNs) {
        int verdict = chain.judge(slot, nowNs);
        if (verdict > 0 && chain.isMonitor() && Reasons.isOfPolicy(verdict)) {
            counters.wouldDrop(verdict, slot);
            verdict = Verdict.FORWARD;
        }
        if (verdict == Verdict.FORWARD) {
            chain.onForwarded(slot, nowNs);
        }
        slot.verdict(verdict);
    }
}
