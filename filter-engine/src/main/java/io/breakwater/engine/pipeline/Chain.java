package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.attack.AttackDetector;
import io.breakwater.engine.attack.AttackRules;
import io.breakwater.engine.classify.Classifier;
import io.breakwater.engine.classify.FragmentTracker;
import io.breakwater.engine.classify.StatelessClassifier;
import io.breakwater.engine.classify.TemporaryBlocks;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.reflection.QuestionRecorder;
import io.breakwater.engine.reflection.ReflectionFilter;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one lane, compiled: classifiers in the policy's order, the first settled verdict wins.
 *
 * <p><b>Thread:</b> judging by the filter worker of its lane; the questions about the policy by any thread.
 */
public final class Chain {
    private final Policy policy;
    private final Preclassifier preclassifier;
    // Those before reflection, in order. The others are called by their own types: that is how the compiler inlines
    // them.
    private final Classifier[] classifiers;
    // The one of them whose answer the preclassifier cannot know.
    private final TemporaryBlocks blocks;
    private final @Nullable ReflectionFilter reflection;
    private final RateLimiter[] limits;
    private final @Nullable FragmentTracker fragments;
    private final BatchHook batchHook;
    private final QuestionRecorder questions;
    private final @Nullable AttackDetector attacks;
    private final AttackRules attackRules;
    private final boolean monitor;
    // From when on a table of limits has something to forget.
    private long sweepNs;
    private boolean swept;

    /** Done once before each batch: the inbound lane learns what inside hosts asked since. */
    interface BatchHook {
        /** Nothing to do. */
        BatchHook NONE = nowNs -> {};

        void onBatchStart(long nowNs);
    }

    Chain(
            Policy policy,
            Preclassifier preclassifier,
            List<Classifier> classifiers,
            TemporaryBlocks blocks,
            @Nullable ReflectionFilter reflection,
            @Nullable FragmentTracker fragments,
            Collection<RateLimiter> limits,
            BatchHook batchHook,
            QuestionRecorder questions,
            @Nullable AttackDetector attacks,
            AttackRules attackRules) {
        this.policy = policy;
        this.preclassifier = preclassifier;
        this.classifiers = classifiers.toArray(new Classifier[0]);
        this.blocks = blocks;
        requireKnown(classifiers);
        this.reflection = reflection;
        this.fragments = fragments;
        this.limits = limits.toArray(new RateLimiter[0]);
        this.batchHook = batchHook;
        this.questions = questions;
        this.attacks = attacks;
        this.attackRules = attackRules;
        this.monitor = policy.mode() == RuleMode.MONITOR;
    }

    /** A plain frame is shown to none of these but the blocks: of each other the preclassifier must know what it says. */
    private void requireKnown(List<Classifier> before) {
        for (Classifier classifier : before) {
            if (classifier != blocks && !(classifier instanceof StatelessClassifier)) {
                throw new IllegalArgumentException(classifier.getClass().getSimpleName()
                        + " has state: call it by its own type, as reflection is");
            }
        }
    }

    /** What can be said of a frame before it is judged. Thread: any. */
    Preclassifier preclassifier() {
        return preclassifier;
    }

    /** What the chain was compiled from. */
    public Policy policy() {
        return policy;
    }

    /** What the chain takes for an attack. */
    AttackRules attackRules() {
        return attackRules;
    }

    /** Whether the whole policy only monitors. */
    boolean isMonitor() {
        return monitor;
    }

    @HotPath
    void onBatchStart(long nowNs) {
        batchHook.onBatchStart(nowNs);
        if (attacks != null) {
            attacks.onBatchStart(attackRules, nowNs);
            attacks.takeShielded(attackRules, nowNs);
        }
    }

    /** Lets the limits ask for what they keep of frames that they will soon judge. */
    @HotPath
    void lookAhead(FrameSlot[] frames, int count, long nowNs) {
        int expected = 0;
        for (int i = 0; i < count; i++) {
            expected |= frames[i].matchingLimits();
        }
        for (int left = expected; left != 0; left &= left - 1) {
            int place = Integer.numberOfTrailingZeros(left);
            limits[place].lookAhead(place, frames, count, nowNs);
        }
    }

    /**
     * What the policy says of a decoded frame, whatever its mode.
     *
     * @return {@link Verdict#FORWARD} or the id of a reason
     */
    @HotPath
    int judge(FrameSlot slot, long nowNs) {
        return slot.isPlain() ? judgePlain(slot, nowNs) : judgeAny(slot, nowNs);
    }

    /** As {@link #judgeAny}, without what leaves a plain frame alone: next to all legitimate frames take this short way. */
    @HotPath
    private int judgePlain(FrameSlot slot, long nowNs) {
        int verdict = blocks.classify(slot, nowNs);
        if (verdict == Verdict.UNSETTLED) {
            verdict = judgeByLimits(slot, nowNs);
        }
        if (verdict > 0 && attacks != null) {
            attacks.onFrame(slot, verdict, attackRules, nowNs);
        }
        return verdict;
    }

    @HotPath
    private int judgeAny(FrameSlot slot, long nowNs) {
        int verdict = switch (slot.status()) {
            case FrameSlot.IP -> judgeIp(slot, nowNs);
            case FrameSlot.MALFORMED -> Reasons.MALFORMED;
            case FrameSlot.MAC_PAUSE -> Reasons.EGRESS;
            default -> Verdict.FORWARD;
        };
        if (fragments != null && slot.fragment() == FrameSlot.FIRST_FRAGMENT) {
            fragments.onSettled(slot, verdict, nowNs);
        }
        if (attacks != null) {
            attacks.onFrame(slot, verdict, attackRules, nowNs);
        }
        return verdict;
    }

    @HotPath
    private int judgeIp(FrameSlot slot, long nowNs) {
        int verdict = judgeByFirst(slot, nowNs);
        if (verdict == Verdict.UNSETTLED && fragments != null) {
            verdict = fragments.classify(slot, nowNs);
        }
        return verdict == Verdict.UNSETTLED ? judgeByLimits(slot, nowNs) : verdict;
    }

    @HotPath
    private int judgeByFirst(FrameSlot slot, long nowNs) {
        for (int i = 0; i < classifiers.length; i++) {
            int verdict = classifiers[i].classify(slot, nowNs);
            if (verdict != Verdict.UNSETTLED) {
                return verdict;
            }
        }
        return reflection == null ? Verdict.UNSETTLED : reflection.classify(slot, nowNs);
    }

    @HotPath
    private int judgeByLimits(FrameSlot slot, long nowNs) {
        if (nowNs - sweepNs >= 0 || !swept) {
            sweep(nowNs);
        }
        int matching = slot.matchingLimits();
        if (matching == FrameSlot.LIMITS_UNKNOWN) {
            return judgeByLimits(0, slot, nowNs);
        }
        if (matching != 0) {
            int verdict = limits[Integer.numberOfTrailingZeros(matching)].classifyFirst(slot, nowNs);
            if (verdict != Verdict.UNSETTLED) {
                return verdict;
            }
        }
        for (int left = matching & matching - 1; left != 0; left &= left - 1) {
            int verdict = limits[Integer.numberOfTrailingZeros(left)].classifyNext(slot, nowNs);
            if (verdict != Verdict.UNSETTLED) {
                return verdict;
            }
        }
        return limits.length > FrameSlot.LIMITS_KNOWN
                ? judgeByLimits(FrameSlot.LIMITS_KNOWN, slot, nowNs)
                : Verdict.FORWARD;
    }

    /** By those from a place on that did not look ahead. */
    @HotPath
    private int judgeByLimits(int from, FrameSlot slot, long nowNs) {
        for (int i = from; i < limits.length; i++) {
            int verdict = limits[i].classify(slot, nowNs);
            if (verdict != Verdict.UNSETTLED) {
                return verdict;
            }
        }
        return Verdict.FORWARD;
    }

    @HotPath
    private void sweep(long nowNs) {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < limits.length; i++) {
            next = Math.min(next, limits[i].sweep(nowNs) - nowNs);
        }
        sweepNs = nowNs + next;
        swept = true;
    }

    /** Told of each frame that is about to be forwarded: what an inside host asks is remembered before it leaves. */
    @HotPath
    void onForwarded(FrameSlot slot, long nowNs) {
        if (slot.status() == FrameSlot.IP && !slot.isPlain()) {
            questions.onForwarded(slot, nowNs);
        }
    }
}
