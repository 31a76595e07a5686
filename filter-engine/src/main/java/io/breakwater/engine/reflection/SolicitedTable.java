package io.breakwater.engine.reflection;

import io.breakwater.engine.Fingerprints;
import io.breakwater.engine.HotPath;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Remembers what inside hosts asked, in fixed memory: an answer is solicited if its question is here.
 *
 * <p>A DNS question lets one answer through within {@link #DNS_NS}; the same question asked twice lets two through (up to
 * {@link #MAX_IDENTICAL}; beyond that the oldest is asked anew). Any other question lets answers through for {@link
 * #SHORT_NS} after the last one, that of a long-lived protocol for {@link #LONG_NS} after the session's last frame.
 *
 * <p><b>Table:</b> each question has two buckets of {@link #WAYS} slots, chosen by a seeded hash, and goes into the
 * emptier one: every operation looks at the fingerprints of 16 at most. Expired slots are taken over, and swept once a second.
 *
 * <p><b>Under attack:</b> unsolicited answers change nothing. One inside address holds at most 1/16 of the slots; its
 * further questions are not remembered and answers to it are not enforced for {@link #RELAX_NS}. Addresses are counted by
 * hash into {@value #ADDRESS_COUNTERS} counters, and an expired slot counts until it is swept, so an address may be
 * counted full too early and never too late; what is then lost is enforcement, not an answer. When both buckets of a
 * question are full, nothing is enforced for {@link #RELAX_NS}. Each question not remembered counts as an overflow.
 *
 * <p><b>Thread:</b> one writer, the inbound filter. {@link #entries} and {@link #overflows} may be read by any thread.
 *
 * <p>Times may come from both lanes' clocks and be slightly out of order; only differences count.
 */
public final class SolicitedTable {
    /**
     * Slots by default: 13 MiB. An office or campus asks a few thousand questions a second, answered within
     * milliseconds; 262,144 also hold 26,000 unanswered DNS questions a second. Unmeasured.
     */
    public static final int DEFAULT_CAPACITY = 262_144;

    /** For how long unmatched answers are not enforced after a live start: sessions from before it show themselves. */
    public static final long LIVE_GRACE_NS = 60_000_000_000L;

    static final long DNS_NS = 10_000_000_000L;
    static final long SHORT_NS = 60_000_000_000L;
    static final long LONG_NS = 600_000_000_000L;
    /** For how long an overflow suspends enforcement. */
    static final long RELAX_NS = 10_000_000_000L;

    /** Identical DNS questions that are told apart: resolvers retry two to four times. Unmeasured. */
    static final int MAX_IDENTICAL = 8;

    private static final int WAYS = Fingerprints.SLOTS;
    private static final int MIN_CAPACITY = 64;
    private static final int MAX_CAPACITY = 1 << 22;
    private static final int ADDRESS_SHARE = 16;
    private static final int ADDRESS_COUNTERS = 65_536;

    // One slot
    private static final int STRIDE = 6;
    private static final int INSIDE_HI = 0;
    private static final int INSIDE_LO = 1;
    private static final int OUTSIDE_HI = 2;
    private static final int OUTSIDE_LO = 3;
    private static final int SESSION = 4;
    private static final int EXPIRES = 5;

    /** The sweep goes round the table in 1,024 steps of 2^20 ns, about a second. Unmeasured. */
    private static final int SWEEP_STEP_SHIFT = 20;

    private static final int SWEEP_STEPS = 1_024;
    /** Buckets swept at most by one call, some microseconds' worth. Unmeasured. */
    private static final int SWEEP_AT_ONCE = 256;

    // Of each bucket; few enough to stay in the outer caches.
    private final long[] fingerprints;
    private final long[] slots;
    private final int[] held = new int[ADDRESS_COUNTERS];
    private final long[] relaxedAddressUntilNs = new long[ADDRESS_COUNTERS];
    private final int bucketMask;
    private final int quota;
    private final long seed;
    private final long graceNs;

    // Times below and in the slots count from originNs, the first time seen.
    private boolean started;
    private long originNs;
    private long relaxedUntilNs;
    private long sweptNs;
    private int sweepAt;

    // What scan() found.
    private int identical;
    private int oldestIdentical;

    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicLong overflows = new AtomicLong();

    /**
     * An empty table.
     *
     * @param capacity slots, rounded up to a power of two of at least 64
     * @param graceNs for how long after the first call nothing is enforced: {@link #LIVE_GRACE_NS} live, 0 in replay
     * @param seed of the hash; random, so that nobody can aim at one bucket
     */
    public SolicitedTable(int capacity, long graceNs, long seed) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not in 1–" + MAX_CAPACITY);
        }
        int size = Math.max(MIN_CAPACITY, Integer.highestOneBit(capacity * 2 - 1));
        this.fingerprints = new long[size / WAYS];
        this.slots = new long[size * STRIDE];
        this.bucketMask = fingerprints.length - 1;
        this.quota = size / ADDRESS_SHARE;
        this.graceNs = graceNs;
        this.seed = seed;
    }

    /** Questions remembered; those that expired count for up to a second more. Any thread. */
    public int entries() {
        return entries.getAcquire();
    }

    /** Questions that could not be remembered, since the start. Any thread. */
    public long overflows() {
        return overflows.getAcquire();
    }

    /** Slots. */
    public int capacity() {
        return fingerprints.length * WAYS;
    }

    /** Memory of the table in bytes, fixed at construction. */
    public long memoryBytes() {
        return 8L * (fingerprints.length + slots.length) + (4L + 8L) * ADDRESS_COUNTERS;
    }

    /** Remembers a question, or a long-lived session's outbound frame, of {@code askedNs}. */
    @HotPath
    void open(long insideHi, long insideLo, long outsideHi, long outsideLo, long session, long askedNs) {
        long now = sinceStart(askedNs);
        sweep(now);
        long hash = hash(insideHi, insideLo, outsideHi, outsideLo, session);
        long expires = now + lifetimeNs(session);
        scan(hash, insideHi, insideLo, outsideHi, outsideLo, session, now);
        boolean extend = Session.isDns(session) ? identical >= MAX_IDENTICAL : identical > 0;
        if (extend) {
            int at = oldestIdentical * STRIDE + EXPIRES;
            slots[at] = Math.max(slots[at], expires);
            return;
        }
        int address = addressCounter(insideHi, insideLo, session);
        if (held[address] >= quota) {
            relaxedAddressUntilNs[address] = now + RELAX_NS;
            countOverflows(1);
            return;
        }
        int slot = emptierSlot(hash, now);
        if (slot < 0) {
            relaxedUntilNs = now + RELAX_NS;
            countOverflows(1);
            return;
        }
        fill(slot, hash, insideHi, insideLo, outsideHi, outsideLo, session, expires);
        held[address]++;
    }

    /** Lets a long-lived session, if it is here, live on from now. */
    @HotPath
    void renew(long insideHi, long insideLo, long outsideHi, long outsideLo, long session, long nowNs) {
        long now = sinceStart(nowNs);
        long hash = hash(insideHi, insideLo, outsideHi, outsideLo, session);
        scan(hash, insideHi, insideLo, outsideHi, outsideLo, session, now);
        if (identical > 0) {
            int at = oldestIdentical * STRIDE + EXPIRES;
            slots[at] = Math.max(slots[at], now + lifetimeNs(session));
        }
    }

    /** Whether an answer was asked for. A DNS answer uses its question up: the oldest of identical ones. */
    @HotPath
    boolean admits(long insideHi, long insideLo, long outsideHi, long outsideLo, long session, long nowNs) {
        long now = sinceStart(nowNs);
        sweep(now);
        long hash = hash(insideHi, insideLo, outsideHi, outsideLo, session);
        scan(hash, insideHi, insideLo, outsideHi, outsideLo, session, now);
        if (identical == 0) {
            return false;
        }
        if (Session.isDns(session)) {
            release(oldestIdentical);
        }
        return true;
    }

    /** Whether an unmatched answer to this inside address is to be dropped, rather than only limited. */
    @HotPath
    boolean enforces(long insideHi, long insideLo, long session, long nowNs) {
        long now = sinceStart(nowNs);
        return now >= graceNs
                && now >= relaxedUntilNs
                && now >= relaxedAddressUntilNs[addressCounter(insideHi, insideLo, session)];
    }

    /** So many questions were lost on their way here: suspends enforcement. */
    @HotPath
    void onLost(long questions, long nowNs) {
        relaxedUntilNs = sinceStart(nowNs) + RELAX_NS;
        countOverflows(questions);
    }

    private void countOverflows(long questions) {
        overflows.setRelease(overflows.getPlain() + questions);
    }

    private long sinceStart(long nowNs) {
        if (!started) {
            started = true;
            originNs = nowNs;
        }
        return nowNs - originNs;
    }

    private static long lifetimeNs(long session) {
        if (Session.isDns(session)) {
            return DNS_NS;
        }
        return Session.isLongLived(session) ? LONG_NS : SHORT_NS;
    }

    private int firstBucket(long hash) {
        return (int) hash & bucketMask;
    }

    /** Never the first bucket again: the lowest bit differs. */
    private int secondBucket(long hash) {
        return ((int) hash ^ ((int) (hash >>> 20) | 1)) & bucketMask;
    }

    /** From bits that choose no bucket. */
    private static long fingerprint(long hash) {
        return Fingerprints.of(hash >>> 56);
    }

    private void scan(long hash, long insideHi, long insideLo, long outsideHi, long outsideLo, long session, long now) {
        identical = 0;
        long identity = Session.identity(session);
        scanBucket(firstBucket(hash), fingerprint(hash), insideHi, insideLo, outsideHi, outsideLo, identity, now);
        scanBucket(secondBucket(hash), fingerprint(hash), insideHi, insideLo, outsideHi, outsideLo, identity, now);
    }

    private void scanBucket(
            int bucket,
            long fingerprint,
            long insideHi,
            long insideLo,
            long outsideHi,
            long outsideLo,
            long identity,
            long now) {
        long left = Fingerprints.matching(fingerprints[bucket], fingerprint);
        for (; left != 0; left &= left - 1) {
            int slot = bucket * WAYS + Fingerprints.first(left);
            int at = slot * STRIDE;
            if (Session.identity(slots[at + SESSION]) == identity
                    && slots[at + OUTSIDE_LO] == outsideLo
                    && slots[at + INSIDE_LO] == insideLo
                    && slots[at + OUTSIDE_HI] == outsideHi
                    && slots[at + INSIDE_HI] == insideHi
                    && slots[at + EXPIRES] >= now) {
                if (identical == 0 || slots[at + EXPIRES] < slots[oldestIdentical * STRIDE + EXPIRES]) {
                    oldestIdentical = slot;
                }
                identical++;
            }
        }
    }

    /** A slot to fill in the emptier of the two buckets, or -1. */
    private int emptierSlot(long hash, long now) {
        int first = firstBucket(hash);
        int second = secondBucket(hash);
        int bucket = room(first, now) >= room(second, now) ? first : second;
        long empty = Fingerprints.empty(fingerprints[bucket]);
        return empty == 0 ? -1 : bucket * WAYS + Fingerprints.first(empty);
    }

    /** Free slots of a bucket, after its expired ones are released. */
    private int room(int bucket, long now) {
        releaseExpired(bucket, now);
        return Long.bitCount(Fingerprints.empty(fingerprints[bucket]));
    }

    private void fill(
            int slot,
            long hash,
            long insideHi,
            long insideLo,
            long outsideHi,
            long outsideLo,
            long session,
            long expires) {
        int at = slot * STRIDE;
        slots[at + INSIDE_HI] = insideHi;
        slots[at + INSIDE_LO] = insideLo;
        slots[at + OUTSIDE_HI] = outsideHi;
        slots[at + OUTSIDE_LO] = outsideLo;
        slots[at + SESSION] = session;
        slots[at + EXPIRES] = expires;
        mark(slot, fingerprint(hash));
        entries.setRelease(entries.getPlain() + 1);
    }

    private void release(int slot) {
        int at = slot * STRIDE;
        held[addressCounter(slots[at + INSIDE_HI], slots[at + INSIDE_LO], slots[at + SESSION])]--;
        mark(slot, 0);
        entries.setRelease(entries.getPlain() - 1);
    }

    private void releaseExpired(int bucket, long now) {
        for (long used = Fingerprints.used(fingerprints[bucket]); used != 0; used &= used - 1) {
            int slot = bucket * WAYS + Fingerprints.first(used);
            if (slots[slot * STRIDE + EXPIRES] < now) {
                release(slot);
            }
        }
    }

    private void mark(int slot, long fingerprint) {
        int bucket = slot / WAYS;
        fingerprints[bucket] = Fingerprints.with(fingerprints[bucket], slot % WAYS, fingerprint);
    }

    /** Goes on round the table, as far as time has gone on. */
    private void sweep(long now) {
        long steps = Math.min((now - sweptNs) >> SWEEP_STEP_SHIFT, SWEEP_STEPS);
        if (steps <= 0) {
            return;
        }
        int bucketsPerStep = Math.max(1, fingerprints.length / SWEEP_STEPS);
        int count = (int) Math.min(steps * bucketsPerStep, SWEEP_AT_ONCE);
        for (int i = 0; i < count; i++) {
            releaseExpired(sweepAt, now);
            sweepAt = (sweepAt + 1) & bucketMask;
        }
        long done = count / bucketsPerStep;
        sweptNs = now - ((steps - done) << SWEEP_STEP_SHIFT);
    }

    private int addressCounter(long insideHi, long insideLo, long session) {
        long hash = mix(mix(seed ^ insideHi ^ Session.family(session)) + insideLo);
        return (int) (hash & (ADDRESS_COUNTERS - 1));
    }

    private long hash(long insideHi, long insideLo, long outsideHi, long outsideLo, long session) {
        long hash = mix(seed + Session.identity(session));
        if (insideHi != 0 || outsideHi != 0) {
            hash = mix(hash ^ insideHi);
            hash = mix(hash + outsideHi);
        }
        hash = mix(hash ^ insideLo);
        return mix(hash + outsideLo);
    }

    /** The finalizer of SplittableRandom: each input bit flips about half of the output bits. */
    private static long mix(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }
}
