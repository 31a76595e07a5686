package io.breakwater.engine.pipeline;

import io.breakwater.engine.attack.AttackDetector;
import io.breakwater.engine.attack.AttackEvent;
import io.breakwater.engine.classify.TemporaryBlocks;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.LatencyRecorder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.reflection.QuestionRing;
import io.breakwater.engine.reflection.SolicitedTable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Both lanes of a pair: their filters and counters, the state they share, and the policy in force.
 *
 * <p>Counters and state live as long as this does; chains come and go with each policy.
 *
 * <p><b>Thread:</b> control threads; the filters it hands out belong to their workers.
 */
public final class PairEngine {
    /** Questions under way from the outbound to the inbound filter: 4,096 of 64 bytes. Unmeasured. */
    private static final int QUESTION_RING_CAPACITY = 4096;

    private final Reasons reasons;
    private final Map<Lane, LaneCounters> counters = new EnumMap<>(Lane.class);
    private final Map<Lane, LatencyRecorder> latencies = new EnumMap<>(Lane.class);
    private final Map<Lane, LaneFilter> filters = new EnumMap<>(Lane.class);
    private final Map<Lane, ChainCompiler> compilers = new EnumMap<>(Lane.class);
    private final SolicitedTable solicited;
    private final AttackDetector attacks;
    private final TemporaryBlocks blocks = new TemporaryBlocks();
    private Policy policy;

    /**
     * How the pair is run.
     *
     * @param live on cards: answers to what was asked before the start are not enforced for a while
     * @param lanesShareThread one filter worker serves both lanes, so that questions need no ring
     * @param maxFrameBytes largest frame of the ports, which every bucket of bits can hold
     * @param seed of the tables' hashes: random on a live box, so that nobody can aim at one bucket; fixed in replay, so
     *     that a capture always gives the same verdicts
     */
    public record Setup(boolean live, boolean lanesShareThread, int maxFrameBytes, long seed) {
        /** Captures whose frames may be as large as an IP packet. */
        public static final Setup REPLAY = replay(65_535);

        private static final long REPLAY_SEED = 0x42726561_6b776174L;

        /** Captures: both lanes on one worker, and the same seed each time. */
        public static Setup replay(int maxFrameBytes) {
            return new Setup(false, true, maxFrameBytes, REPLAY_SEED);
        }
    }

    /** Compiles both lanes. */
    public PairEngine(Policy policy, Reasons reasons, Setup setup) {
        this.policy = policy;
        this.reasons = reasons;
        this.solicited = new SolicitedTable(
                SolicitedTable.DEFAULT_CAPACITY, setup.live() ? SolicitedTable.LIVE_GRACE_NS : 0, setup.seed());
        this.attacks = new AttackDetector(setup.seed());
        QuestionRing ring = new QuestionRing(QUESTION_RING_CAPACITY);
        for (Lane lane : Lane.values()) {
            LaneCounters laneCounters = new LaneCounters();
            ChainCompiler compiler =
                    new ChainCompiler(lane, reasons, laneCounters, solicited, ring, attacks, blocks, setup);
            counters.put(lane, laneCounters);
            latencies.put(lane, new LatencyRecorder());
            compilers.put(lane, compiler);
            filters.put(lane, new LaneFilter(lane, laneCounters, compiler.compile(policy)));
        }
    }

    /** Puts a policy in force from each lane's next batch on; frames under way are judged by the old one. */
    public synchronized void reload(Policy replacement) {
        // Both first: a policy that one lane cannot compile must not be half in force.
        Chain inbound = of(compilers, Lane.INBOUND).compile(replacement);
        Chain outbound = of(compilers, Lane.OUTBOUND).compile(replacement);
        filter(Lane.INBOUND).replaceChain(inbound);
        filter(Lane.OUTBOUND).replaceChain(outbound);
        policy = replacement;
    }

    /** The policy that was put in force last. */
    public synchronized Policy policy() {
        return policy;
    }

    public Reasons reasons() {
        return reasons;
    }

    /** Sources blocked for a while, on both lanes, whatever the policy. */
    public TemporaryBlocks blocks() {
        return blocks;
    }

    public LaneFilter filter(Lane lane) {
        return of(filters, lane);
    }

    public LaneCounters counters(Lane lane) {
        return of(counters, lane);
    }

    public LatencyRecorder latency(Lane lane) {
        return of(latencies, lane);
    }

    private static <V> V of(Map<Lane, V> map, Lane lane) {
        return Objects.requireNonNull(map.get(lane));
    }

    /** Whether unsolicited answers are judged: only if the policy says what is inside. */
    public synchronized boolean solicitedEnforced() {
        return !policy.protectedPrefixes().isEmpty();
    }

    /** Entries of source-keyed tables of both lanes. */
    public long sourcesTracked() {
        return of(compilers, Lane.INBOUND).ledger().sources()
                + of(compilers, Lane.OUTBOUND).ledger().sources();
    }

    /** Names of the tables that there are or were. */
    public Set<String> tables() {
        Set<String> names = new TreeSet<>(of(compilers, Lane.INBOUND).ledger().names());
        names.addAll(of(compilers, Lane.OUTBOUND).ledger().names());
        return names;
    }

    /** Keys of a table that had to make room, both lanes; never goes back. */
    public long evictions(String table) {
        return of(compilers, Lane.INBOUND).ledger().evictions(table)
                + of(compilers, Lane.OUTBOUND).ledger().evictions(table);
    }

    /** How full the fullest table of this name is, 0 to 1. */
    public double fill(String table) {
        return Math.max(
                of(compilers, Lane.INBOUND).ledger().fill(table),
                of(compilers, Lane.OUTBOUND).ledger().fill(table));
    }

    /** Questions that found no room. */
    public long solicitedOverflows() {
        return solicited.overflows();
    }

    /** Gives what became of attacks since the last call to the consumer, in order. */
    public void pollAttacks(Consumer<AttackEvent> consumer) {
        attacks.poll(consumer);
    }

    /** Who notices attacks on the inbound lane. */
    public AttackDetector attacks() {
        return attacks;
    }

    /** At the end of a capture: tells how attacks stand that go on. Only once the inbound filter has ended. */
    public void finishAttacks() {
        attacks.finish(filter(Lane.INBOUND).chain().attackRules());
    }

    /** Attacks that could not be told because there were too many; never goes back. */
    public long attackOverflows() {
        return attacks.overflows();
    }

    /** News of attacks that nobody took in time; starts and ends are told later instead. Never goes back. */
    public long lostAttackEvents() {
        return attacks.lostEvents();
    }

    /** Bytes of all tables, set up at start and kept. */
    public synchronized long memoryBytes() {
        return of(compilers, Lane.INBOUND).memoryBytes()
                + of(compilers, Lane.OUTBOUND).memoryBytes()
                + solicited.memoryBytes()
                + attacks.memoryBytes();
    }
}
