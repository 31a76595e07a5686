package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Classifier;
import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.classify.StatelessClassifier;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.limit.LimitedFrames;
import io.breakwater.engine.reflection.QuestionRecorder;
import io.breakwater.engine.reflection.ReflectionFilter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a chain can say of a decoded frame without its tables: whether it is <i>plain</i>, so that of all classifiers only blocks
 * and limits have to look at it; which limits will; and the hash of its key in the table of the first of these. It settles
 * nothing.
 *
 * <p><b>Thread:</b> immutable, any: rx asks it while it has time, else the filter does.
 */
final class Preclassifier {
    private static final AtomicInteger NUMBERS = new AtomicInteger(FrameSlot.NOT_PRECLASSIFIED);

    private final int number = NUMBERS.incrementAndGet();
    private final PrefixTable inside;
    private final StatelessClassifier[] classifiers;
    private final @Nullable ReflectionFilter reflection;
    private final QuestionRecorder questions;
    private final LimitedFrames[] limits;

    /**
     * @param inside what {@code protected} says
     * @param classifiers of the chain, those that are stateless among them matter
     * @param questions who remembers what the lane's forwarded frames ask
     * @param limits of the chain, in order; the first {@link FrameSlot#LIMITS_KNOWN} matter
     */
    Preclassifier(
            PrefixTable inside,
            List<Classifier> classifiers,
            @Nullable ReflectionFilter reflection,
            QuestionRecorder questions,
            List<LimitedFrames> limits) {
        this.inside = inside;
        this.classifiers = classifiers.stream()
                .filter(StatelessClassifier.class::isInstance)
                .toArray(StatelessClassifier[]::new);
        this.reflection = reflection;
        this.questions = questions;
        this.limits = limits.stream().limit(FrameSlot.LIMITS_KNOWN).toArray(LimitedFrames[]::new);
    }

    /** Says in a slot who preclassified it: none other of the process has it. */
    int number() {
        return number;
    }

    /** Whether the frame's source is protected. */
    @HotPath
    boolean isFromInside(FrameSlot slot) {
        return slot.hasAddresses() && inside.contains(slot.isIpv4(), slot.sourceHi(), slot.sourceLo());
    }

    /** Notes in the slot what there is to say. */
    @HotPath
    void preclassify(FrameSlot slot) {
        boolean plain = isWhole(slot) && passes(slot) && questions.ignores(slot);
        int matching = mayReachLimits(slot) ? matchingLimits(slot) : FrameSlot.LIMITS_UNKNOWN;
        if (matching == 0 || matching == FrameSlot.LIMITS_UNKNOWN) {
            slot.preclassify(number, plain, matching, 0, 0);
            return;
        }
        LimitedFrames first = limits[Integer.numberOfTrailingZeros(matching)];
        long hash = first.hash(slot);
        slot.preclassify(number, plain, matching, hash, first.identity(slot, hash));
    }

    @HotPath
    private int matchingLimits(FrameSlot slot) {
        int matching = 0;
        for (int i = 0; i < limits.length; i++) {
            matching |= limits[i].matches(slot) ? 1 << i : 0;
        }
        return matching;
    }

    @HotPath
    private static boolean isWhole(FrameSlot slot) {
        return slot.status() == FrameSlot.IP && slot.fragment() == FrameSlot.WHOLE;
    }

    /** Whether the stateless classifiers and reflection leave the frame alone. */
    @HotPath
    private boolean passes(FrameSlot slot) {
        for (int i = 0; i < classifiers.length; i++) {
            if (!classifiers[i].passes(slot)) {
                return false;
            }
        }
        return reflection == null || reflection.passes(slot);
    }

    /** Whether the frame probably gets as far as the limits: a guess. */
    @HotPath
    private boolean mayReachLimits(FrameSlot slot) {
        return slot.status() == FrameSlot.IP && (reflection == null || !reflection.probablyDrops(slot));
    }
}
