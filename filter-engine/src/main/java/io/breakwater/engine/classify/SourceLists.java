package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;

/**
 * Forwards what trusted sources send and drops what blocked ones send, on both lanes; the longest prefix of both lists
 * decides. A trusted frame skips every later classifier.
 *
 * <p><b>Thread:</b> immutable, any. <b>Cost:</b> one {@link PrefixTable} lookup.
 */
public final class SourceLists implements SourceClassifier {
    private final PrefixTable verdicts;

    /** Compiles {@code sources}. Of a prefix in both lists, which a valid policy does not have, the block counts. */
    public SourceLists(Policy policy) {
        this.verdicts = PrefixTable.builder()
                .put(policy.trusted(), Verdict.FORWARD)
                .put(policy.blocked(), Reasons.BLOCKED_SOURCE)
                .build();
    }

    // A miss of the table is Verdict.UNSETTLED.
    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        return verdicts.lookup(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
    }

    @Override
    public PrefixTable sources() {
        return verdicts;
    }
}
