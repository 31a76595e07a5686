package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Fragments;
import org.jspecify.annotations.Nullable;

/**
 * Gives later fragments the verdict of their first one for 30 s; nothing is reassembled.
 *
 * <p>A later fragment of a dropped first one is dropped for the same reason; one of a forwarded first one settles
 * nothing here, so that the limits look next; one whose first has not been seen (or came later, or was forgotten) takes
 * a token of its destination's {@code unknown} budget, and is dropped as {@code fragment} when there is none. First
 * fragments and whole datagrams settle nothing: they have ports, and were judged by them.
 *
 * <p>What it does when full and under overlapping first fragments: {@link FragmentTable}.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone. <b>Cost:</b> one comparison for what is no fragment.
 */
public final class FragmentTracker implements Classifier {
    /** First fragments remembered per lane: 4 MiB, each for 30 s at 2,184 new ones/s; unmeasured. */
    public static final int DEFAULT_CAPACITY = 65_536;

    private final FragmentTable table;
    private final boolean inherit;
    private final @Nullable DestinationLimit unknown;

    /**
     * A tracker that has seen nothing yet.
     *
     * @param policy whether verdicts are inherited
     * @param unknown budget of later fragments whose first is not known; null = they are not limited here
     * @param capacity first fragments remembered, at least 1; rounded up to a power of two
     * @param seed of the table's hash: random on a live box, fixed in replay
     */
    public FragmentTracker(Fragments policy, @Nullable DestinationLimit unknown, int capacity, long seed) {
        this(policy, unknown, new FragmentTable(capacity, seed));
    }

    private FragmentTracker(Fragments policy, @Nullable DestinationLimit unknown, FragmentTable table) {
        this.table = table;
        this.inherit = policy.inherit();
        this.unknown = unknown;
    }

    /**
     * The same memory under a new policy, for a reload. Once the new tracker is in use this one must not be used any
     * more. May be called on any thread.
     */
    public FragmentTracker withPolicy(Fragments policy, @Nullable DestinationLimit newUnknown) {
        return new FragmentTracker(policy, newUnknown, table);
    }

    /** First fragments in memory; expired ones count until their place is needed. May lag on other threads. */
    public int entries() {
        return table.entries();
    }

    /** Bytes of memory that the table takes, from the start and for good. */
    public long memoryBytes() {
        return table.memoryBytes();
    }

    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        return frame.fragment() == FrameSlot.LATER_FRAGMENT ? later(frame, nowNs) : Verdict.UNSETTLED;
    }

    @HotPath
    private int later(FrameSlot frame, long nowNs) {
        int verdict = inherit ? table.find(frame, nowNs) : FragmentTable.UNKNOWN;
        if (verdict != FragmentTable.UNKNOWN) {
            return verdict > 0 ? verdict : Verdict.UNSETTLED;
        }
        boolean allowed = unknown == null || unknown.allows(frame, nowNs);
        return allowed ? Verdict.UNSETTLED : Reasons.FRAGMENT;
    }

    /**
     * Remembers what became of a first fragment; anything else is ignored. To be called with the final verdict,
     * whichever classifier settled it: a limit's drop counts, and so does {@code malformed}.
     *
     * @param verdict the reason's id, or {@link Verdict#FORWARD} or {@link Verdict#UNSETTLED} when it was forwarded
     */
    @HotPath
    public void onSettled(FrameSlot first, int verdict, long nowNs) {
        if (inherit && first.fragment() == FrameSlot.FIRST_FRAGMENT && first.hasAddresses()) {
            table.put(first, verdict, nowNs);
        }
    }
}
