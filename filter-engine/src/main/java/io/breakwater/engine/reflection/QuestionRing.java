package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Carries questions from the outbound filter to the inbound filter that owns the {@link SolicitedTable}: none is seen
 * late if it is published before its frame is sent and the ring is drained after a batch was polled.
 *
 * <p><b>Why</b> not a lock-free map: one writer and one reader need only two counters, and the table stays plain memory.
 *
 * <p><b>Thread:</b> {@link #publish} by the outbound filter alone, {@link #drainTo} by the inbound filter alone. Each
 * side's counter is written with release and read by the other with acquire.
 *
 * <p><b>Full ring:</b> the question is lost and counted; the next drain tells the table, which then enforces nothing for
 * 10 s.
 */
public final class QuestionRing {
    /**
     * Questions held by default: 1.5 MiB; 20 ms of 1.5 M questions/s, small frames at 1 Gbit/s. The inbound filter
     * drains at least once a batch. Unmeasured.
     */
    public static final int DEFAULT_CAPACITY = 32_768;

    private static final int STRIDE = 6;
    private static final int MAX_CAPACITY = 1 << 22;

    private static final VarHandle PUBLISHED;
    private static final VarHandle DRAINED;
    private static final VarHandle LOST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(QuestionRing.class, "published", long.class);
            DRAINED = lookup.findVarHandle(QuestionRing.class, "drained", long.class);
            LOST = lookup.findVarHandle(QuestionRing.class, "lost", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] records;
    private final int mask;

    // Written by the outbound filter.
    private long published;
    private long lost;
    private long drainedSeen;

    // Written by the inbound filter.
    private long drained;
    private long lostSeen;

    /**
     * An empty ring.
     *
     * @param capacity questions held, rounded up to a power of two
     */
    public QuestionRing(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not in 1–" + MAX_CAPACITY);
        }
        int size = Integer.highestOneBit(capacity * 2 - 1);
        this.records = new long[size * STRIDE];
        this.mask = size - 1;
    }

    /** Memory of the ring in bytes, fixed at construction. */
    public long memoryBytes() {
        return 8L * records.length;
    }

    /** Questions lost because the ring was full, since the start. Any thread. */
    public long lost() {
        return (long) LOST.getAcquire(this);
    }

    /** Hands one question over, or counts it as lost. */
    @HotPath
    void publish(long insideHi, long insideLo, long outsideHi, long outsideLo, long session, long askedNs) {
        long next = published;
        if (next - drainedSeen > mask) {
            drainedSeen = (long) DRAINED.getAcquire(this);
            if (next - drainedSeen > mask) {
                LOST.setRelease(this, lost + 1);
                return;
            }
        }
        int at = (int) (next & mask) * STRIDE;
        records[at] = insideHi;
        records[at + 1] = insideLo;
        records[at + 2] = outsideHi;
        records[at + 3] = outsideLo;
        records[at + 4] = session;
        records[at + 5] = askedNs;
        PUBLISHED.setRelease(this, next + 1);
    }

    /**
     * Moves all questions published so far into the table, and tells it of lost ones.
     *
     * @param nowNs the inbound lane's clock
     * @return questions moved
     */
    @HotPath
    public int drainTo(SolicitedTable table, long nowNs) {
        long end = (long) PUBLISHED.getAcquire(this);
        long start = drained;
        for (long next = start; next < end; next++) {
            int at = (int) (next & mask) * STRIDE;
            table.open(
                    records[at], records[at + 1], records[at + 2], records[at + 3], records[at + 4], records[at + 5]);
        }
        if (end != start) {
            DRAINED.setRelease(this, end);
        }
        long lostNow = (long) LOST.getAcquire(this);
        if (lostNow != lostSeen) {
            table.onLost(lostNow - lostSeen, nowNs);
            lostSeen = lostNow;
        }
        return (int) (end - start);
    }
}
