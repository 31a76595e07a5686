package io.breakwater.appliance.events;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Everything that happened, the newest {@value #KEPT} events that are news in memory, in order.
 *
 * <p>Telling never waits for a reader, a file or a client: whoever reads, reads from memory, and who is too slow misses the
 * oldest. A flood of one kind is cut down and counted.
 *
 * <p><b>Thread:</b> control threads. Data-path threads tell only that they failed, at most ten times a second.
 */
public final class Events {
    /** Events kept in memory: some hours of a busy box. */
    public static final int KEPT = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ArrayDeque<Event> kept = new ArrayDeque<>();
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final EventBudget budget;
    private final Consumer<Event> sink;
    private long lastId;
    private long suppressed;

    /**
     * Nothing has happened yet.
     *
     * @param clock the wall clock, for what events say
     * @param nanoTime a clock that never steps, for budgets
     * @param sink given every event, in order; must not block
     */
    public Events(Clock clock, LongSupplier nanoTime, Consumer<Event> sink) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.sink = sink;
        this.budget = new EventBudget(nanoTime.getAsLong());
    }

    /**
     * Tells an event, unless there were too many of its kind.
     *
     * @param message one line for people
     * @param fields the same for programs: texts, numbers, booleans, lists and maps
     */
    public void tell(EventKind kind, String message, Map<String, ?> fields) {
        lock.lock();
        try {
            if (!budget.tryTake(kind, nanoTime.getAsLong())) {
                suppressed++;
                return;
            }
            Map<String, Object> all = new LinkedHashMap<>(fields);
            long left = budget.takeSuppressed(kind);
            if (left > 0) {
                all.put("suppressed", left);
            }
            Event event = new Event(++lastId, clock.instant(), kind, message, all);
            sink.accept(event);
            if (kind.isNews()) {
                keep(event);
            }
        } finally {
            lock.unlock();
        }
    }

    private void keep(Event event) {
        kept.addLast(event);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        news.signalAll();
    }

    /** Events after the one of this number, the oldest first; of more than {@code most}, the newest: for a look back. */
    public List<Event> after(long id, int most) {
        List<Event> found = allAfter(id);
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    /** Events after the one of this number, the oldest first; of more than {@code most}, the oldest: to go on from there. */
    public List<Event> nextAfter(long id, int most) {
        List<Event> found = allAfter(id);
        return found.subList(0, Math.min(most, found.size()));
    }

    private List<Event> allAfter(long id) {
        lock.lock();
        try {
            return kept.stream().filter(event -> event.id() > id).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is an event after the one of this number; false if there is none in time. */
    public boolean await(long id, long timeoutMs) throws InterruptedException {
        lock.lock();
        try {
            long leftNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            while (!hasNewsAfter(id) && leftNs > 0) {
                leftNs = news.awaitNanos(leftNs);
            }
            return hasNewsAfter(id);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasNewsAfter(long id) {
        return !kept.isEmpty() && kept.getLast().id() > id;
    }

    /** The newest event's number, whether it is news or not; 0 = none yet. */
    public long lastId() {
        lock.lock();
        try {
            return lastId;
        } finally {
            lock.unlock();
        }
    }

    /** Events not told because there were too many of their kind; never goes back. */
    public long suppressed() {
        lock.lock();
        try {
            return suppressed;
        } finally {
            lock.unlock();
        }
    }
}
