package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Classifier;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.classify.WouldDrop;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code limits} on one lane: drops the frames of keys that send more than they may, or, in monitor mode
 * and with {@code then: alert}, counts them as {@code would_drop} and settles nothing. A frame within the limit is not
 * settled either: the next classifier looks.
 *
 * <p><b>Reload:</b> a limiter takes over the table of its predecessor, and with it what each key has spent and its hold,
 * if name, lane, {@code track} and {@code table} are the same and both count alike (rates, or a window). The rate, burst,
 * hold and match may differ: spent tokens stay spent.
 *
 * <p><b>Thread:</b> {@link #classify} by the filter worker of its lane, alone, and by its
 * successor's only after the swap; the accessors by any thread. <b>Cost:</b> as a rule one cache miss on the
 * fingerprints and one on the entry (IPv6, pairs and holds: two), which {@link #lookAhead} makes overlap with those of other frames; allocates nothing. Memory is set up when it is compiled.
 */
public final class RateLimiter implements Classifier {
    /**
     * Frames that can be looked ahead to at a time, at most 64: with 32 what was read is still in the nearest cache when it
     * is needed.
     */
    public static final int MAX_AHEAD = 32;

    private final LimitRule rule;
    private final Lane lane;
    private final int reason;
    private final LimitedFrames frames;
    private final TrackedKey key;
    private final Allowance allowance;
    private final KeyTable table;
    /** Null where each frame has to be counted, or has to make room for its key. */
    private final @Nullable LightKeys lightKeys;

    // Whether a frame needs its key's far words, whatever its address.
    private final boolean alwaysFar;
    private final boolean unsolicitedOnly;
    private final boolean admitsWithoutRoom;
    private final boolean drops;
    private final WouldDrop wouldDrop;

    // What was found when looking ahead to frames of which this is not the first limit; by FrameSlot.ahead.
    private final long[] hashes = new long[MAX_AHEAD];
    private final long[] identities = new long[MAX_AHEAD];
    private final int[] slots = new int[MAX_AHEAD];
    // Of the frames that it looks at, while looking ahead.
    private final long[] touching = new long[MAX_AHEAD];
    private final int[] pending = new int[MAX_AHEAD];
    private final int[] entries = new int[MAX_AHEAD];
    private final int[] farEntries = new int[MAX_AHEAD];
    // Read by nobody: without it the compiler would leave the touching out.
    @SuppressWarnings("UnusedVariable")
    private long touched;

    private RateLimiter(
            LimitRule rule,
            Lane lane,
            int reason,
            FrameMatch match,
            Allowance allowance,
            KeyTable table,
            WouldDrop to) {
        this.rule = rule;
        this.lane = lane;
        this.reason = reason;
        this.key = new TrackedKey(rule.track());
        this.frames = new LimitedFrames(match, key, table.hash());
        this.allowance = allowance;
        this.table = table;
        this.lightKeys = rule.table().whenFull() == LimitRule.WhenFull.EVICT ? allowance.lightKeys() : null;
        this.alwaysFar = allowance.holds() || table.memory().hasPairs();
        this.unsolicitedOnly = rule.match().unsolicitedOnly();
        this.admitsWithoutRoom = rule.table().whenFull() != LimitRule.WhenFull.DROP;
        this.drops = rule.then() == LimitRule.Then.DROP && rule.mode() == RuleMode.ENFORCE;
        this.wouldDrop = to;
    }

    /** Whether the rule looks at frames of the lane at all: otherwise it has no place in that lane's chain. */
    public static boolean appliesTo(LimitRule rule, Lane lane) {
        return rule.match().lane() == null || rule.match().lane() == lane;
    }

    /**
     * A limiter whose keys are hashed with secrets of its own.
     *
     * @see #compile(LimitRule, Lane, int, List, int, WouldDrop, RateLimiter, long)
     */
    public static RateLimiter compile(
            LimitRule rule,
            Lane lane,
            int reason,
            List<Vector> vectors,
            int maxFrameBytes,
            WouldDrop wouldDrop,
            @Nullable RateLimiter previous) {
        long seed = new SecureRandom().nextLong();
        return compile(rule, lane, reason, vectors, maxFrameBytes, wouldDrop, previous, seed);
    }

    /**
     * Sets up a limiter. Changes nothing of {@code previous}, which may go on working until the chains are swapped.
     *
     * @param lane the lane whose chain it is for, one that the rule {@linkplain #appliesTo applies to}
     * @param reason the id of {@code limit:<name>}
     * @param vectors those that the policy knows, for {@code match: vector}
     * @param maxFrameBytes the port's largest frame: a bucket of bits holds at least this
     * @param wouldDrop told of frames over the limit that are not dropped
     * @param previous the limiter of that name in the lane's present chain, or null
     * @param seed of the table's hash: random on a live box, fixed in replay, so that it gives the same verdicts each
     *     time
     * @throws IllegalArgumentException with one line, if the rule cannot be built
     */
    public static RateLimiter compile(
            LimitRule rule,
            Lane lane,
            int reason,
            List<Vector> vectors,
            int maxFrameBytes,
            WouldDrop wouldDrop,
            @Nullable RateLimiter previous,
            long seed) {
        if (!appliesTo(rule, lane)) {
            throw new IllegalArgumentException("limit '" + rule.name() + "' is not for the " + lane.label() + " lane");
        }
        LimitRule.Window window = rule.window();
        Allowance allowance = window == null
                ? new TokenBuckets(rule.buckets(), maxFrameBytes, rule.holdNs())
                : new CountingWindow(window, rule.holdNs());
        KeyTable table = previous != null && previous.handsOverTo(rule, lane)
                ? previous.table
                : new TrackedKey(rule.track()).table(rule.table(), seed);
        FrameMatch match = new FrameMatch(rule.match(), vectors);
        return new RateLimiter(rule, lane, reason, match, allowance, table, wouldDrop);
    }

    private boolean handsOverTo(LimitRule next, Lane nextLane) {
        return lane == nextLane && keepsTable(rule, next);
    }

    /** Whether a reload from one rule to the other keeps the table of each lane that both are for. */
    public static boolean keepsTable(LimitRule before, LimitRule next) {
        return before.name().equals(next.name())
                && before.track().equals(next.track())
                && before.table().equals(next.table())
                && (before.window() == null) == (next.window() == null);
    }

    /** The frames that it looks at. Thread: any. */
    public LimitedFrames frames() {
        return frames;
    }

    /**
     * Asks for the memory that the next frames' keys lie in, so that it is there when they are judged: all sets first, then
     * all entries, so that one look-up does not wait for another. Changes nothing.
     *
     * <p><b>Why</b>: see docs/adr/0004-frames-are-judged-a-batch-at-a-time.md.
     *
     * @param place the limit's place in its chain, from 0, less than {@link FrameSlot#LIMITS_KNOWN}
     * @param ahead {@linkplain FrameSlot#matchingLimits preclassified} by that chain; {@link FrameSlot#ahead} of each is its
     *     index here. They must be judged, or others must be looked ahead to, before any is used for another purpose
     * @param count of them, at most {@link #MAX_AHEAD}
     * @param nowNs the lane's clock, about
     */
    @HotPath
    public void lookAhead(int place, FrameSlot[] ahead, int count, long nowNs) {
        // Variables of its own, so that the compiler checks their bounds once and not for each frame.
        KeyTable table = this.table;
        long[] touching = this.touching;
        int[] pending = this.pending;
        int matching = 0;
        long seen = 0;
        LightKeys light = table.isFull() ? lightKeys : null;
        for (int i = 0; i < count; i++) {
            FrameSlot frame = ahead[i];
            int limits = frame.matchingLimits();
            if ((limits >>> place & 1) != 0) {
                long hash = isFirst(place, limits) ? hashOfFirst(frame) : hashOfOther(frame, i);
                if (light == null || !light.probablyPasses(hash)) {
                    touching[matching] = hash;
                    pending[matching++] = i;
                    seen ^= table.touchHome(hash);
                }
            }
        }
        touched ^= seen ^ touchEntries(place, ahead, matching, nowNs);
    }

    /** Whether a frame that these limits match has what looking ahead found in its slot; else it has it here. */
    @HotPath
    private static boolean isFirst(int place, int limits) {
        return Integer.numberOfTrailingZeros(limits) == place;
    }

    @HotPath
    private static long hashOfFirst(FrameSlot frame) {
        frame.limitEntry(KeyTable.NO_HINT);
        return frame.limitHash();
    }

    private long hashOfOther(FrameSlot frame, int index) {
        long hashOfFirst = frame.limitHash();
        long identityOfFirst = frame.limitIdentity();
        frames.name(frame);
        hashes[index] = frame.limitHash();
        identities[index] = frame.limitIdentity();
        slots[index] = KeyTable.NO_HINT;
        frame.limitKey(hashOfFirst, identityOfFirst);
        return hashes[index];
    }

    @HotPath
    private long touchEntries(int place, FrameSlot[] ahead, int matching, long nowNs) {
        KeyTable table = this.table;
        long[] touching = this.touching;
        int[] pending = this.pending;
        int[] entries = this.entries;
        int[] farEntries = this.farEntries;
        int found = 0;
        int foundFar = 0;
        int missing = 0;
        long seen = 0;
        for (int i = 0; i < matching; i++) {
            long hash = touching[i];
            int slot = table.probableSlot(hash);
            if (slot == KeyTable.NO_ROOM) {
                touching[missing++] = hash;
            } else {
                FrameSlot frame = ahead[pending[i]];
                if (isFirst(place, frame.matchingLimits())) {
                    frame.limitEntry(slot);
                } else {
                    slots[pending[i]] = slot;
                }
                int at = EntryMemory.wordOf(slot);
                entries[found++] = at;
                if (alwaysFar || !frame.isIpv4()) {
                    farEntries[foundFar++] = at;
                }
            }
        }
        for (int i = 0; i < missing; i++) {
            seen ^= table.touchWeights(touching[i]);
        }
        for (int i = 0; i < missing; i++) {
            int at = table.probableRoom(touching[i], nowNs);
            entries[found++] = at;
            farEntries[foundFar++] = at;
        }
        // As short as they can be: as many reads are under way at a time as fit the processor's window.
        EntryMemory memory = table.memory();
        for (int i = 0; i < found; i++) {
            seen ^= memory.touchNear(entries[i]);
        }
        for (int i = 0; i < foundFar; i++) {
            seen ^= memory.touchFar(farEntries[i]);
        }
        return seen;
    }

    /**
     * Forgets idle keys. Call it before a frame is judged, or before those from the time on that it answers, by the lane's
     * clock: {@link #classify} does.
     */
    @HotPath
    public long sweep(long nowNs) {
        return table.sweep(nowNs, allowance);
    }

    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        sweep(nowNs);
        if (!frames.matches(frame)) {
            return Verdict.UNSETTLED;
        }
        frames.name(frame);
        return admits(frame, KeyTable.NO_HINT, frame.limitHash(), nowNs) ? Verdict.UNSETTLED : refuse(frame);
    }

    /** The same of a frame of which this is the first limit, and that was {@linkplain #lookAhead looked ahead to}; sweeps nothing. */
    @HotPath
    public int classifyFirst(FrameSlot frame, long nowNs) {
        return classifyAhead(frame, frame.limitEntry(), frame.limitIdentity(), frame.limitHash(), nowNs);
    }

    /** The same of a frame that another limit looks at first. */
    @HotPath
    public int classifyNext(FrameSlot frame, long nowNs) {
        int ahead = frame.ahead();
        return classifyAhead(frame, slots[ahead], identities[ahead], hashes[ahead], nowNs);
    }

    @HotPath
    private int classifyAhead(FrameSlot frame, int slot, long identity, long hash, long nowNs) {
        boolean askedFor = unsolicitedOnly && frame.solicited();
        return askedFor || admitsAhead(frame, slot, identity, hash, nowNs) ? Verdict.UNSETTLED : refuse(frame);
    }

    private int refuse(FrameSlot frame) {
        if (drops) {
            return reason;
        }
        wouldDrop.count(reason, frame);
        return Verdict.UNSETTLED;
    }

    /** The short way: most keys still stand where they were found. */
    @HotPath
    private boolean admitsAhead(FrameSlot frame, int slot, long identity, long hash, long nowNs) {
        int at = EntryMemory.wordOf(slot);
        return table.holdsWhole(at, identity) && !table.isFull()
                ? allowance.admits(table.memory(), at, frame.length(), nowNs)
                : admits(frame, slot, hash, nowNs);
    }

    @HotPath
    private boolean admits(FrameSlot frame, int hint, long hash, long nowNs) {
        if (lightKeys != null && table.isFull() && lightKeys.passes(hash, nowNs)) {
            return true;
        }
        int at = key.locate(table, hint, hash, frame, nowNs, allowance);
        return at == KeyTable.NO_ROOM ? admitsWithoutRoom : allowance.admits(table.memory(), at, frame.length(), nowNs);
    }

    /** The rule's name. */
    public String name() {
        return rule.name();
    }

    /** The id of {@code limit:<name>}. */
    public int reason() {
        return reason;
    }

    /**
     * Keys held. A key that has been idle, and whose bucket is full and hold over, counts until the sweep has passed it:
     * at most one more idle time while frames come to the lane.
     */
    public long entries() {
        return table.entries();
    }

    /** Keys that had to make room for others although they were not idle; kept over reloads as the table is. */
    public long evictions() {
        return table.evictions();
    }

    /** Frames whose key got no entry: {@code when-full: drop} drops them, {@code pass} and {@code evict} let them through. */
    public long refusals() {
        return table.refusals();
    }

    /** Keys that the table has room for: at least {@code max}, unless there cannot be that many. */
    public int capacity() {
        return table.capacity();
    }

    /** Memory of the table. */
    public long memoryBytes() {
        return table.memoryBytes() + (lightKeys == null ? 0 : lightKeys.memoryBytes());
    }

    /**
     * What the tables of a limit take in each pair, in bytes, before there are any: one for each lane that it is for.
     *
     * @see #memoryBytes()
     */
    public static long memoryBytes(LimitRule rule) {
        long lanes =
                Stream.of(Lane.values()).filter(lane -> appliesTo(rule, lane)).count();
        return lanes * new TrackedKey(rule.track()).tableBytes(rule.table());
    }

    /** Whether each key names a source ({@code source}, {@code pair}): such keys are the sources tracked. */
    public boolean tracksSource() {
        return rule.track().hasSource();
    }
}
