package io.breakwater.engine.limit;

import io.breakwater.engine.Fingerprints;
import io.breakwater.engine.HotPath;
import io.breakwater.engine.policy.LimitRule;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;

/**
 * Keys and their state in a fixed amount of memory: finds a key's entry, or makes one.
 *
 * <p>Entries live in sets of {@value #WAYS}. A key may stand in one of {@value #MAX_PROBES} sets: its home set, the one
 * behind, and another such two, all chosen by a hash whose secrets nobody outside knows. It goes home unless that is half
 * full, else to the emptiest of them, so that sets fill evenly. One word per set holds an eight-bit fingerprint of each
 * of its entries (0: empty), so that a lookup reads a word or two of a small array, and then, as a rule, only the entry
 * itself.
 *
 * <p><b>When full</b> ({@code when-full}): {@code evict} forgets the lightest entry ({@link Allowance#weightNs}) of the
 * key's home set if that one is no longer needed, so that nothing is lost; else the lightest of all four sets, but where that one is still needed only one time in
 * {@value #CHANCE}: otherwise the frame goes unlimited, without an entry. A flood of spoofed sources therefore evicts its own entries and those of light senders, whose buckets are
 * full or nearly so; one that is over its limit goes only if all 32 entries of the four sets are.
 * {@code pass} and {@code drop} make room only for entries that were idle and are no longer needed; where there are none
 * they refuse the key. The cost of each is bounded by the entries of those sets.
 *
 * <p><b>Idle</b> entries are forgotten once they are no longer needed as well: expiry never refills a bucket or ends a
 * hold. A sweep passes all sets once per idle time while frames come; until then an idle entry counts as held, so at most
 * one more idle time.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone; the counters may be read by any thread and may lag.
 */
final class KeyTable {
    /** What {@link #locate} answers when there is no room. */
    static final int NO_ROOM = -1;

    /** The hint of those who have none: any slot will do. */
    static final int NO_HINT = 0;

    static final int WAYS = Fingerprints.SLOTS;
    static final int MAX_PROBES = 4;

    /** Sets that one frame sweeps at most, so that a clock that jumps by years does not stall the lane. Unmeasured. */
    private static final int SWEEP_AT_ONCE = 4;

    /**
     * Entries per eight keys asked for. At 10 no key of 262,144 was refused, nor of 300 tables of 1,000 and 6,000 of 40
     * keys (simulated with uniform hashes; at 9 a few of the small ones were).
     */
    private static final int SLACK_EIGHTHS = 10;

    /**
     * One new key in so many takes the place of an entry that is still needed. <b>Why</b>: a spoofed source sends once and
     * is refused without harm; one that goes on sending gets its entry after about so many frames, and then has so many
     * times as long to show that it is heavy. With 1 a sender of 20 evenly spaced packets/s was not held to 10 at all
     * when 200,000 spoofed sources/s went through a table of 4,096; with 4 and with 16 it was.
     */
    private static final int CHANCE = 16;

    /**
     * Full is what has room for a 32nd of its entries and less. <b>Why</b> not none: what a sweep frees could only be taken
     * by keys of those sets, and until they came each frame would be looked up.
     */
    private static final int FULL_SHARE = 32;

    private static final VarHandle ENTRIES;
    private static final VarHandle EVICTIONS;
    private static final VarHandle REFUSALS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ENTRIES = lookup.findVarHandle(KeyTable.class, "entries", long.class);
            EVICTIONS = lookup.findVarHandle(KeyTable.class, "evictions", long.class);
            REFUSALS = lookup.findVarHandle(KeyTable.class, "refusals", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LimitRule.WhenFull whenFull;
    private final long idleNs;
    private final int sets;
    private final int probes;
    private final int fullFrom;
    private final long sweepIntervalNs;
    private final long[] fingerprints;
    // Per entry, what it weighed when last looked at for eviction. Weights grow, so this is a lower bound.
    private final long[] knownWeights;
    private final EntryMemory memory;
    private final KeyHash hash;

    private long entries;
    private long evictions;
    private long refusals;
    private int sweepSet;
    private long sweptAtNs;
    private long dice;

    /**
     * @param policy size, idle time and what to do when full
     * @param maxKeys there are never more keys than this, whatever the policy's {@code max}; at least 1
     * @param pairs whether keys have two addresses
     * @param seed of the hash: random on a live box, fixed in replay, so that it gives the same verdicts each time
     */
    KeyTable(LimitRule.Table policy, int maxKeys, boolean pairs, long seed) {
        this.whenFull = policy.whenFull();
        this.idleNs = Math.clamp(policy.idleNs(), 0, Allowance.MAX_NS);
        this.sets = sets(Math.clamp(policy.max(), 1, maxKeys));
        this.fullFrom = capacity() - capacity() / FULL_SHARE;
        this.probes = Math.min(MAX_PROBES, sets);
        this.sweepIntervalNs = Math.max(1, idleNs / sets);
        this.fingerprints = new long[sets];
        this.knownWeights = new long[sets * WAYS];
        this.memory = new EntryMemory(sets * WAYS, pairs);
        SplittableRandom secrets = new SplittableRandom(seed);
        this.hash = new KeyHash(secrets);
        this.dice = secrets.nextLong();
    }

    /** What a table of this size takes, before there is one. */
    static long memoryBytes(int maxKeys, boolean pairs) {
        long sets = sets(Math.max(1, maxKeys));
        return Long.BYTES * (sets + sets * WAYS) + EntryMemory.bytes(sets * WAYS, pairs);
    }

    private static int sets(int max) {
        boolean oneNeighbourhood = max <= WAYS * MAX_PROBES;
        long slots = oneNeighbourhood ? max : (max * (long) SLACK_EIGHTHS + 7) / 8;
        long sets = (slots + WAYS - 1) / WAYS;
        if (sets * WAYS * EntryMemory.WORDS > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("a table holds at most "
                    + (Integer.MAX_VALUE - 64L) / EntryMemory.WORDS / SLACK_EIGHTHS * 8 + " keys, not " + max);
        }
        return (int) sets;
    }

    /** The memory that entries lie in; {@link #locate} says where. */
    EntryMemory memory() {
        return memory;
    }

    /**
     * Finds the key's entry, or makes one with nothing seen yet.
     *
     * @param hint the slot in which it probably stands, as {@link #probableSlot} said, or any: only time depends on it
     * @param hash of the key, by {@link #hash()}
     * @param tag what keeps equal addresses apart, less than 2^19
     * @param secondHi of the other address of a pair; else 0, as {@code secondLo}
     * @return where the entry begins in {@link #memory}, or {@link #NO_ROOM}
     */
    @HotPath
    int locate(
            int hint,
            long hash,
            long tag,
            long hi,
            long lo,
            long secondHi,
            long secondLo,
            long nowNs,
            Allowance allowance) {
        long identity = EntryMemory.identity(memory.hasPairs(), hash, tag, hi, lo);
        int at = EntryMemory.wordOf(hint);
        if (holds(at, identity, hi, lo, secondHi, secondLo)) {
            return at;
        }
        return search(hash, identity, hi, lo, secondHi, secondLo, nowNs, allowance);
    }

    /** Whether the entry is that of a key whose identity is all there is to it. */
    @HotPath
    boolean holdsWhole(int at, long identity) {
        return EntryMemory.isWhole(identity) && memory.holds(at, identity);
    }

    @HotPath
    private int search(
            long hash, long identity, long hi, long lo, long secondHi, long secondLo, long nowNs, Allowance allowance) {
        int home = (int) Math.unsignedMultiplyHigh(hash, sets);
        int other = otherThan(home, hash);
        long fingerprint = Fingerprints.of(hash);
        for (int probe = 0; probe < probes; probe++) {
            int set = probed(home, other, probe);
            long candidates = Fingerprints.matching(fingerprints[set], fingerprint);
            while (candidates != 0) {
                int at = EntryMemory.wordOf(slotOf(set, candidates));
                if (holds(at, identity, hi, lo, secondHi, secondLo)) {
                    return at;
                }
                candidates &= candidates - 1;
            }
        }
        int slot = place(home, other, nowNs, allowance);
        return slot == NO_ROOM
                ? NO_ROOM
                : make(slot, fingerprint, identity, hi, lo, secondHi, secondLo, nowNs, allowance);
    }

    /**
     * Reads the fingerprints of the key's home, so that they are near when it is looked for. Most keys stand there, so those
     * of the other place are not read for each frame.
     */
    @HotPath
    long touchHome(long hash) {
        return fingerprints[(int) Math.unsignedMultiplyHigh(hash, sets)];
    }

    /** The slot in which the key probably stands, or {@link #NO_ROOM} if in none. Reads no entry. */
    @HotPath
    int probableSlot(long hash) {
        int home = (int) Math.unsignedMultiplyHigh(hash, sets);
        long fingerprint = Fingerprints.of(hash);
        long candidates = Fingerprints.matching(fingerprints[home], fingerprint);
        return candidates != 0
                ? slotOf(home, candidates)
                : probableSlotElsewhere(home, otherThan(home, hash), fingerprint);
    }

    @HotPath
    private int probableSlotElsewhere(int home, int other, long fingerprint) {
        for (int probe = 1; probe < probes; probe++) {
            int set = probed(home, other, probe);
            long candidates = Fingerprints.matching(fingerprints[set], fingerprint);
            if (candidates != 0) {
                return slotOf(set, candidates);
            }
        }
        return NO_ROOM;
    }

    /** Reads what tells the weights of the key's home set, so that they are near when room is looked for. */
    @HotPath
    long touchWeights(long hash) {
        int first = (int) Math.unsignedMultiplyHigh(hash, sets) * WAYS;
        return knownWeights[first] ^ knownWeights[first + WAYS - 1];
    }

    /** Where the entry begins that a new key will probably get. Reads no entry. */
    @HotPath
    int probableRoom(long hash, long nowNs) {
        int home = (int) Math.unsignedMultiplyHigh(hash, sets);
        long empty = Fingerprints.empty(fingerprints[home]);
        return EntryMemory.wordOf(empty != 0 ? slotOf(home, empty) : lightestKnown(home, home, 1, nowNs));
    }

    // Short, and called on each frame's straight way: what the compiler has seen so far, new keys at first, decides
    // what it inlines.
    @HotPath
    private boolean holds(int at, long identity, long hi, long lo, long secondHi, long secondLo) {
        return memory.holds(at, identity)
                && (EntryMemory.isWhole(identity) || memory.holdsAddresses(at, hi, lo, secondHi, secondLo));
    }

    @HotPath
    private int make(
            int slot,
            long fingerprint,
            long identity,
            long hi,
            long lo,
            long secondHi,
            long secondLo,
            long nowNs,
            Allowance allowance) {
        int at = EntryMemory.wordOf(slot);
        memory.give(at, identity, hi, lo, secondHi, secondLo);
        allowance.start(memory, at, nowNs);
        knownWeights[slot] = nowNs;
        mark(slot, fingerprint);
        return at;
    }

    /** A slot for a new key: empty, or made so; or {@link #NO_ROOM}. */
    @HotPath
    private int place(int home, int other, long nowNs, Allowance allowance) {
        int emptiest = home;
        long mostEmpty = Fingerprints.empty(fingerprints[home]);
        if (Long.bitCount(mostEmpty) < WAYS / 2) {
            for (int probe = 1; probe < probes; probe++) {
                long empty = Fingerprints.empty(fingerprints[probed(home, other, probe)]);
                if (Long.bitCount(empty) > Long.bitCount(mostEmpty)) {
                    emptiest = probed(home, other, probe);
                    mostEmpty = empty;
                }
            }
        }
        if (mostEmpty != 0) {
            ENTRIES.setRelease(this, entries + 1);
            return slotOf(emptiest, mostEmpty);
        }
        int slot = lightest(home, other, 1, nowNs, allowance);
        if (knownWeights[slot] - nowNs > 0) {
            slot = lightest(home, other, probes, nowNs, allowance);
        }
        return replace(slot, nowNs, allowance);
    }

    @HotPath
    private int replace(int slot, long nowNs, Allowance allowance) {
        if (isGone(EntryMemory.wordOf(slot), nowNs, allowance)) {
            return slot;
        }
        boolean needed = knownWeights[slot] - nowNs > 0;
        if (whenFull != LimitRule.WhenFull.EVICT || (needed && !chance())) {
            REFUSALS.setRelease(this, refusals + 1);
            return NO_ROOM;
        }
        EVICTIONS.setRelease(this, evictions + 1);
        return slot;
    }

    /** True one time in {@value #CHANCE}, at random. */
    @HotPath
    private boolean chance() {
        // Knuth's MMIX generator; its top bits are the good ones.
        dice = dice * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        return Math.unsignedMultiplyHigh(dice, CHANCE) == 0;
    }

    /** The slot of the lightest entry of the key's first {@code count} sets, all full; its known weight is true. */
    @HotPath
    private int lightest(int home, int other, int count, long nowNs, Allowance allowance) {
        // Each round but the last one corrects a weight, and no weight twice.
        for (int round = 0; round < count * WAYS; round++) {
            int slot = lightestKnown(home, other, count, nowNs);
            long known = knownWeights[slot];
            long weight = weightNs(EntryMemory.wordOf(slot), allowance);
            knownWeights[slot] = weight;
            if (weight - known <= 0 || weight - nowNs <= 0) {
                return slot;
            }
        }
        return lightestKnown(home, other, count, nowNs);
    }

    @HotPath
    private int lightestKnown(int home, int other, int count, long nowNs) {
        int lightest = home * WAYS;
        long least = Long.MAX_VALUE;
        for (int probe = 0; probe < count; probe++) {
            int first = probed(home, other, probe) * WAYS;
            for (int slot = first; slot < first + WAYS; slot++) {
                long ahead = knownWeights[slot] - nowNs;
                lightest = ahead < least ? slot : lightest;
                least = Math.min(ahead, least);
            }
        }
        return lightest;
    }

    /** By what an entry is chosen to make room: its loss, or, if only idle ones may, when it is gone. */
    private long weightNs(int at, Allowance allowance) {
        return whenFull == LimitRule.WhenFull.EVICT ? allowance.weightNs(memory, at) : goneAtNs(at, allowance);
    }

    /** Whether the entry is idle and no longer needed; of one that is not idle nothing else is asked. */
    @HotPath
    private boolean isGone(int at, long nowNs, Allowance allowance) {
        return idleAtNs(at) - nowNs <= 0 && allowance.neededUntilNs(memory, at) - nowNs <= 0;
    }

    private long idleAtNs(int at) {
        return memory.near[at + EntryMemory.SEEN_NS] + idleNs;
    }

    /** From when on the entry is idle and no longer needed. */
    private long goneAtNs(int at, Allowance allowance) {
        long idleAtNs = idleAtNs(at);
        long neededUntilNs = allowance.neededUntilNs(memory, at);
        return neededUntilNs - idleAtNs > 0 ? neededUntilNs : idleAtNs;
    }

    /**
     * Forgets idle entries, a few sets at a time: all of them once per idle time. Call it for each frame, or for those from
     * the time on that it answers.
     */
    @HotPath
    long sweep(long nowNs, Allowance allowance) {
        // Unsigned: also true before the first sweep, when the clock's origin is not known yet.
        if (Long.compareUnsigned(nowNs - sweptAtNs, sweepIntervalNs) >= 0) {
            sweepDue(nowNs, allowance);
        }
        return sweptAtNs + sweepIntervalNs;
    }

    @HotPath
    private void sweepDue(long nowNs, Allowance allowance) {
        long passNs = sweepIntervalNs * sets;
        if (Long.compareUnsigned(nowNs - sweptAtNs, passNs) > 0) {
            sweptAtNs = nowNs - passNs;
        }
        long due = Math.min(SWEEP_AT_ONCE, (nowNs - sweptAtNs) / sweepIntervalNs);
        for (long i = 0; i < due; i++) {
            forgetGone(sweepSet, nowNs, allowance);
            sweepSet = behind(sweepSet);
        }
        sweptAtNs += due * sweepIntervalNs;
    }

    @HotPath
    private void forgetGone(int set, long nowNs, Allowance allowance) {
        long gone = 0;
        for (long used = Fingerprints.used(fingerprints[set]); used != 0; used &= used - 1) {
            int slot = slotOf(set, used);
            if (isGone(EntryMemory.wordOf(slot), nowNs, allowance)) {
                memory.forget(EntryMemory.wordOf(slot));
                mark(slot, 0);
                gone++;
            }
        }
        if (gone != 0) {
            ENTRIES.setRelease(this, entries - gone);
        }
    }

    @HotPath
    private void mark(int slot, long fingerprint) {
        int set = slot / WAYS;
        fingerprints[set] = Fingerprints.with(fingerprints[set], slot % WAYS, fingerprint);
    }

    /** The key's other place; in a table of few sets the one that makes it probe them all. */
    private int otherThan(int home, long hash) {
        return sets <= MAX_PROBES
                ? behind(behind(home))
                : (int) Math.unsignedMultiplyHigh(Long.rotateLeft(hash, Integer.SIZE), sets);
    }

    /** The set that is looked at as {@code probe}: two at home, two at the other place. */
    private int probed(int home, int other, int probe) {
        int first = probe < MAX_PROBES / 2 ? home : other;
        return (probe & 1) == 0 ? first : behind(first);
    }

    private int behind(int set) {
        return set + 1 == sets ? 0 : set + 1;
    }

    /** The slot of the lowest marked byte. */
    private static int slotOf(int set, long markedBytes) {
        return set * WAYS + Fingerprints.first(markedBytes);
    }

    /** Hashes its keys. */
    KeyHash hash() {
        return hash;
    }

    /** Whether next to no key finds an empty place. Thread: the filter worker. */
    @HotPath
    boolean isFull() {
        return entries >= fullFrom;
    }

    /** Keys held; idle ones count until the sweep has passed them. */
    long entries() {
        return (long) ENTRIES.getAcquire(this);
    }

    /** Keys that had to make room although they were not idle, since the table was made. */
    long evictions() {
        return (long) EVICTIONS.getAcquire(this);
    }

    /** Frames whose key got no entry, since the table was made. */
    long refusals() {
        return (long) REFUSALS.getAcquire(this);
    }

    int capacity() {
        return sets * WAYS;
    }

    long memoryBytes() {
        return Long.BYTES * ((long) sets + capacity()) + EntryMemory.bytes(capacity(), memory.hasPairs());
    }
}
