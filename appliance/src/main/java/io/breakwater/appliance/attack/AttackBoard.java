package io.breakwater.appliance.attack;

import io.breakwater.engine.attack.AttackEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The attacks that go on, of all pairs, and those that ended not long ago.
 *
 * <p><b>Thread:</b> control threads; synchronized. Whoever asks takes in first what engines told since, so that a scrape and
 * the log never disagree.
 */
public final class AttackBoard {
    /** Series that metrics show at most. */
    public static final int MAX_SERIES = 64;

    /** How long an attack that ended is shown as 0: four scrapes at Prometheus' 15 s. */
    private static final long SHOWN_AFTER_END_NS = 60_000_000_000L;

    private final Clock clock;
    private final LongSupplier clockNs;
    private final Consumer<OngoingAttack> listener;
    private final List<Named> pairs = new ArrayList<>();
    private final Map<Key, Attack> attacks = new LinkedHashMap<>();

    /** Where events come from: gives those since the last call, in order. */
    public interface Source {
        void poll(Consumer<AttackEvent> consumer);
    }

    /** One series of {@code breakwater_attack_active}. */
    public record Series(String vector, String target, boolean active) {}

    private record Key(String pair, String vector, String target) {}

    private record Named(String pair, Source source) {}

    private record Attack(OngoingAttack attack, boolean active, long endedNs) {}

    /**
     * Nothing is known yet.
     *
     * @param clock the wall clock, for when attacks began
     * @param clockNs a clock that never steps, and that events are timed by: {@code System::nanoTime}
     * @param listener told each event
     */
    public AttackBoard(Clock clock, LongSupplier clockNs, Consumer<OngoingAttack> listener) {
        this.clock = clock;
        this.clockNs = clockNs;
        this.listener = listener;
    }

    /** Listens to a pair from now on. */
    public synchronized void add(String pair, Source source) {
        pairs.add(new Named(pair, source));
    }

    /** Takes in what the engines told since, and tells the listener. */
    public synchronized void poll() {
        for (Named pair : pairs) {
            pair.source().poll(event -> onEvent(pair.pair(), event));
        }
        long nowNs = clockNs.getAsLong();
        attacks.values().removeIf(attack -> !attack.active() && nowNs - attack.endedNs() >= SHOWN_AFTER_END_NS);
    }

    private void onEvent(String pair, AttackEvent event) {
        boolean active = event.kind() == AttackEvent.Kind.START || event.kind() == AttackEvent.Kind.UPDATE;
        Key key = new Key(pair, event.vector(), event.targetText());
        OngoingAttack attack = new OngoingAttack(pair, started(attacks.get(key), event), event);
        attacks.put(key, new Attack(attack, active, clockNs.getAsLong()));
        listener.accept(attack);
    }

    /** Reckoned once: wall clock and monotonic clock drift apart. */
    private Instant started(@Nullable Attack known, AttackEvent event) {
        if (known != null && known.attack().newest().startedNs() == event.startedNs()) {
            return known.attack().started();
        }
        return clock.instant()
                .minusNanos(clockNs.getAsLong() - event.startedNs())
                .truncatedTo(ChronoUnit.MILLIS);
    }

    /** Attacks that go on, the heaviest first. */
    public synchronized List<OngoingAttack> active() {
        poll();
        return attacks.values().stream()
                .filter(Attack::active)
                .map(Attack::attack)
                .sorted(Comparator.comparingLong(
                                (OngoingAttack attack) -> attack.newest().bitsPerSecond())
                        .reversed())
                .toList();
    }

    /** What metrics show: attacks that go on first, then ended ones, never more than {@link #MAX_SERIES}. */
    public synchronized List<Series> series() {
        poll();
        Map<String, Series> series = new LinkedHashMap<>();
        addSeries(series, true);
        addSeries(series, false);
        return List.copyOf(series.values());
    }

    private void addSeries(Map<String, Series> series, boolean active) {
        attacks.forEach((key, attack) -> {
            if (attack.active() == active && series.size() < MAX_SERIES) {
                Series one = new Series(key.vector(), key.target(), active);
                series.putIfAbsent(one.vector() + " " + one.target(), one);
            }
        });
    }
}
