package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Prefix;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Drops what sources send that an operator blocked for a while, on both lanes, as {@code blocked-source}.
 *
 * <p>It is asked right after {@link SourceLists}: what the policy trusts has been forwarded by then, whatever is blocked
 * here and however long the prefixes are. It belongs to no policy, so it outlives reloads.
 *
 * <p><b>Thread:</b> {@link #replace} by one control thread at a time, one release store of an immutable table; {@link
 * #classify} by both lanes' filter workers. When a block ends is the control thread's business. <b>Cost:</b> empty, one
 * load; otherwise one {@link PrefixTable} lookup.
 */
public final class TemporaryBlocks implements Classifier {
    private final AtomicReference<@Nullable PrefixTable> table = new AtomicReference<>();

    /** Blocks nothing. */
    public TemporaryBlocks() {}

    /** Blocks these sources, and no others, from some frame of the next batch at the latest on. */
    public void replace(List<Prefix> prefixes) {
        PrefixTable replacement = prefixes.isEmpty()
                ? null
                : PrefixTable.builder().put(prefixes, Reasons.BLOCKED_SOURCE).build();
        table.setRelease(replacement);
    }

    // A miss of the table is Verdict.UNSETTLED.
    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        PrefixTable current = table.getAcquire();
        return current == null ? Verdict.UNSETTLED : current.lookup(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
    }
}
