package io.breakwater.appliance.events;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How many events of one kind are told: {@value #BURST} at once and {@value #PER_SECOND} a second after. What is left out
 * is counted and told with the next one.
 *
 * <p><b>Why</b> these: 64 attacks may begin at once, and then each is updated; a flood of anything else is one line's news.
 *
 * <p><b>Thread:</b> whoever holds the lock of {@link Events}.
 */
final class EventBudget {
    private static final int BURST = 128;
    private static final int PER_SECOND = 10;
    private static final long NS_PER_EVENT = 1_000_000_000L / PER_SECOND;

    private final Map<EventKind, Bucket> buckets = new EnumMap<>(EventKind.class);

    private static final class Bucket {
        private double tokens = BURST;
        private long lastNs;
        private long suppressed;
    }

    EventBudget(long nowNs) {
        for (EventKind kind : EventKind.values()) {
            Bucket bucket = new Bucket();
            bucket.lastNs = nowNs;
            buckets.put(kind, bucket);
        }
    }

    /** Whether one more may be told. */
    boolean tryTake(EventKind kind, long nowNs) {
        Bucket bucket = bucket(kind);
        bucket.tokens = Math.min(BURST, bucket.tokens + (nowNs - bucket.lastNs) / (double) NS_PER_EVENT);
        bucket.lastNs = nowNs;
        if (bucket.tokens < 1) {
            bucket.suppressed++;
            return false;
        }
        bucket.tokens--;
        return true;
    }

    /** How many were left out since the last one told; starts over. */
    long takeSuppressed(EventKind kind) {
        Bucket bucket = bucket(kind);
        long suppressed = bucket.suppressed;
        bucket.suppressed = 0;
        return suppressed;
    }

    private Bucket bucket(EventKind kind) {
        return Objects.requireNonNull(buckets.get(kind));
    }
}
