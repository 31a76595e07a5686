package io.breakwater.engine.pipeline;

import io.breakwater.engine.attack.AttackDetector;
import io.breakwater.engine.classify.Classifier;
import io.breakwater.engine.classify.DestinationLimit;
import io.breakwater.engine.classify.FragmentTracker;
import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.classify.ServiceGuard;
import io.breakwater.engine.classify.SourceLists;
import io.breakwater.engine.classify.SpoofGuard;
import io.breakwater.engine.classify.TemporaryBlocks;
import io.breakwater.engine.classify.WouldDrop;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.limit.DestinationBuckets;
import io.breakwater.engine.limit.RateLimiter;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Bucket;
import io.breakwater.engine.policy.Fragments;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.reflection.QuestionRecorder;
import io.breakwater.engine.reflection.QuestionRing;
import io.breakwater.engine.reflection.ReflectionFilter;
import io.breakwater.engine.reflection.SolicitedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns policies into chains of one lane, each new one beside the old, and hands on the state of what did not change.
 *
 * <p>The order of a policy, first settled verdict wins: trusted and blocked sources, temporary blocks, anti-spoofing, service guard,
 * reflection, fragments, limits.
 *
 * <p><b>Thread:</b> control, one at a time. State that goes from one chain to the next is written by the filter worker
 * alone: it uses one chain at a time.
 */
final class ChainCompiler {
    /**
     * Destinations per vector that has a limit of its own, each with its table, so that a new rate keeps what was spent.
     * As many as a /16 has: 6 MiB.
     */
    private static final LimitRule.Table VECTOR_TABLE =
            new LimitRule.Table(65_536, LimitRule.Table.DEFAULT.idleNs(), LimitRule.Table.DEFAULT.whenFull());

    private final Lane lane;
    private final Reasons reasons;
    private final WouldDrop wouldDrop;
    private final SolicitedTable solicited;
    private final QuestionRing ring;
    private final AttackDetector attacks;
    private final TemporaryBlocks blocks;
    private final PairEngine.Setup setup;

    private final TableLedger ledger = new TableLedger();

    private Map<String, RateLimiter> limiters = Map.of();
    private Map<String, DestinationBuckets> vectorBudgets = Map.of();
    private @Nullable FragmentTracker fragments;
    private @Nullable DestinationBuckets unknownBudget;

    ChainCompiler(
            Lane lane,
            Reasons reasons,
            LaneCounters counters,
            SolicitedTable solicited,
            QuestionRing ring,
            AttackDetector attacks,
            TemporaryBlocks blocks,
            PairEngine.Setup setup) {
        this.lane = lane;
        this.reasons = reasons;
        this.wouldDrop = counters::wouldDrop;
        this.solicited = solicited;
        this.ring = ring;
        this.attacks = attacks;
        this.blocks = blocks;
        this.setup = setup;
    }

    /** Compiles a policy; what it gives must be put in force, because the state of the last chain is in it. */
    Chain compile(Policy policy) {
        List<Classifier> classifiers = new ArrayList<>();
        if (!policy.trusted().isEmpty() || !policy.blocked().isEmpty()) {
            classifiers.add(new SourceLists(policy));
        }
        classifiers.add(blocks);
        SpoofGuard spoofGuard = new SpoofGuard(policy, lane, wouldDrop);
        if (spoofGuard.judges()) {
            classifiers.add(spoofGuard);
        }
        if (lane == Lane.INBOUND && !policy.services().isEmpty()) {
            classifiers.add(new ServiceGuard(policy.services(), reasons, wouldDrop));
        }
        ReflectionFilter reflection = lane == Lane.INBOUND ? reflection(policy) : null;
        FragmentTracker tracker = fragments(policy.fragments());
        limits(policy);
        ledger.replace(tables());
        QuestionRecorder questions = recorder(policy);
        Preclassifier preclassifier = new Preclassifier(
                lane,
                PrefixTable.of(policy.protectedPrefixes()),
                classifiers,
                reflection,
                questions,
                limiters.values().stream().map(RateLimiter::frames).toList());
        return new Chain(
                policy,
                preclassifier,
                classifiers,
                blocks,
                reflection,
                tracker,
                limiters.values(),
                batchHook(),
                questions,
                lane == Lane.INBOUND ? attacks : null,
                attacks.compile(policy, reasons));
    }

    private @Nullable ReflectionFilter reflection(Policy policy) {
        Map<String, DestinationBuckets> budgets = new LinkedHashMap<>();
        for (Vector vector : policy.vectors()) {
            Bucket bucket = vector.limit();
            if (bucket != null) {
                budgets.put(vector.name(), budget(bucket, vectorBudgets.get(vector.name()), VECTOR_TABLE));
            }
        }
        vectorBudgets = budgets;
        if (policy.vectors().isEmpty()) {
            return null;
        }
        return ReflectionFilter.compile(policy, reasons, wouldDrop, solicited, this::vectorBudget);
    }

    private DestinationLimit vectorBudget(Vector vector) {
        return Objects.requireNonNull(vectorBudgets.get(vector.name()));
    }

    private DestinationBuckets budget(Bucket bucket, @Nullable DestinationBuckets previous, LimitRule.Table table) {
        return previous == null
                ? new DestinationBuckets(bucket, table, setup.maxFrameBytes(), setup.seed())
                : previous.withBucket(bucket);
    }

    private @Nullable FragmentTracker fragments(Fragments policy) {
        Bucket bucket = policy.unknown();
        unknownBudget = bucket == null ? null : budget(bucket, unknownBudget, LimitRule.Table.DEFAULT);
        if (policy.equals(Fragments.OFF)) {
            fragments = null;
        } else if (fragments == null) {
            fragments = new FragmentTracker(policy, unknownBudget, FragmentTracker.DEFAULT_CAPACITY, setup.seed());
        } else {
            fragments = fragments.withPolicy(policy, unknownBudget);
        }
        return fragments;
    }

    private void limits(Policy policy) {
        Map<String, RateLimiter> compiled = new LinkedHashMap<>();
        for (LimitRule rule : policy.limits()) {
            if (RateLimiter.appliesTo(rule, lane)) {
                compiled.put(rule.name(), limiter(rule, policy));
            }
        }
        limiters = compiled;
    }

    private RateLimiter limiter(LimitRule rule, Policy policy) {
        return RateLimiter.compile(
                rule,
                lane,
                reasons.limit(rule.name()),
                policy.vectors(),
                setup.maxFrameBytes(),
                wouldDrop,
                limiters.get(rule.name()),
                setup.seed());
    }

    private QuestionRecorder recorder(Policy policy) {
        if (policy.protectedPrefixes().isEmpty() || policy.vectors().isEmpty()) {
            return QuestionRecorder.NONE;
        }
        return lane == Lane.INBOUND || setup.lanesShareThread()
                ? QuestionRecorder.direct(policy, solicited)
                : QuestionRecorder.publishing(policy, ring);
    }

    /** The inbound filter owns the solicited table: it takes in the outbound lane's questions before each batch. */
    private Chain.BatchHook batchHook() {
        return lane == Lane.INBOUND && !setup.lanesShareThread()
                ? nowNs -> ring.drainTo(solicited, nowNs)
                : Chain.BatchHook.NONE;
    }

    private List<TableLedger.Table> tables() {
        List<TableLedger.Table> tables = new ArrayList<>();
        for (RateLimiter limiter : limiters.values()) {
            tables.add(new TableLedger.Table(
                    limiter.name(),
                    limiter::evictions,
                    limiter::entries,
                    limiter.tracksSource(),
                    limiter.capacity(),
                    limiter.memoryBytes()));
        }
        for (DestinationBuckets budget : vectorBudgets.values()) {
            tables.add(table("vectors", budget));
        }
        DestinationBuckets unknown = unknownBudget;
        if (unknown != null) {
            tables.add(table("fragments", unknown));
        }
        return tables;
    }

    private static TableLedger.Table table(String name, DestinationBuckets buckets) {
        return new TableLedger.Table(
                name, buckets::evictions, buckets::entries, false, buckets.capacity(), buckets.memoryBytes());
    }

    /** What the tables of this lane tell. */
    TableLedger ledger() {
        return ledger;
    }

    /** Bytes of all tables of this lane. */
    long memoryBytes() {
        return ledger.memoryBytes() + (fragments == null ? 0 : fragments.memoryBytes());
    }
}
