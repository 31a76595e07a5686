package io.breakwater.appliance.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Attacks of a period, from events that tell their starts, how they went on and their ends. One that had begun before, or
 * goes on after, counts with what it did within, as far as told (every ten seconds, and at both ends).
 */
final class AttackTally {
    /** Far more than can go on at once; beyond, the one that is open for longest is taken for over. */
    private static final int MAX_OPEN = 65_536;

    /** Attacks that a report lists. */
    static final int LISTED = 50;

    private static final Comparator<Attack> BY_PEAK = Comparator.comparingLong(Attack::peakBitsPerSecond)
            .thenComparing(Attack::started)
            .thenComparing(Attack::target);

    private final Period period;
    private final SequencedMap<String, Open> open = new LinkedHashMap<>();
    private final PriorityQueue<Attack> heaviest = new PriorityQueue<>(BY_PEAK);
    private final Sums vectors = new Sums();
    private final Sums victims = new Sums();
    private final Sums networks = new Sums();
    private final Hours hours = new Hours();
    private long attacks;
    private long goOn;

    /** An attack whose end has not been told. */
    private static final class Open {
        private @Nullable Told before;
        private @Nullable Told last;
        private long peakPacketsPerSecond;
        private long peakBitsPerSecond;
    }

    AttackTally(Period period) {
        this.period = period;
    }

    /** What becomes of an attack, by the kind of event that tells it. */
    enum Step {
        START,
        UPDATE,
        END
    }

    /** @param log tells logs apart */
    void add(String log, Step step, Told told) {
        if (!period.isBeforeEnd(told.time())) {
            return;
        }
        String key = log + "\0" + told.pair() + "\0" + told.vector() + "\0" + told.target();
        if (step == Step.START) {
            close(open.remove(key), false);
        }
        Open attack = open.computeIfAbsent(key, _ -> new Open());
        if (period.contains(told.time())) {
            within(attack, told);
        } else {
            attack.before = told;
        }
        if (step == Step.END) {
            close(open.remove(key), true);
        } else if (open.size() > MAX_OPEN) {
            close(open.pollFirstEntry().getValue(), false);
        }
    }

    private void within(Open attack, Told told) {
        Hours.Cell cell = hours.at(told.time(), told.vector());
        if (attack.last == null) {
            cell.attacks++;
        }
        attack.last = told;
        Told before = attack.before;
        long packetsPerSecond = told.packetsPerSecond();
        long bitsPerSecond = told.bitsPerSecond();
        if (before == null || told.peakPacketsPerSecond() > before.peakPacketsPerSecond()) {
            packetsPerSecond = Math.max(packetsPerSecond, told.peakPacketsPerSecond());
        }
        if (before == null || told.peakBitsPerSecond() > before.peakBitsPerSecond()) {
            bitsPerSecond = Math.max(bitsPerSecond, told.peakBitsPerSecond());
        }
        if (packetsPerSecond > attack.peakPacketsPerSecond || bitsPerSecond > attack.peakBitsPerSecond) {
            attack.peakPacketsPerSecond = Math.max(attack.peakPacketsPerSecond, packetsPerSecond);
            attack.peakBitsPerSecond = Math.max(attack.peakBitsPerSecond, bitsPerSecond);
            cell.raise(packetsPerSecond, bitsPerSecond);
        }
    }

    /** The box that wrote this log has started over: nothing of before goes on. */
    void onRestart(String log) {
        List<String> gone =
                open.keySet().stream().filter(key -> key.startsWith(log + "\0")).toList();
        gone.forEach(key -> close(open.remove(key), false));
    }

    /** No more events come. */
    void finish() {
        open.values().forEach(attack -> {
            if (attack.last != null) {
                goOn++;
            }
            close(attack, false);
        });
        open.clear();
    }

    private void close(@Nullable Open open, boolean over) {
        if (open == null || open.last == null) {
            return;
        }
        Attack attack = attack(open, open.last, over);
        attacks++;
        vectors.of(attack.vector()).add(attack);
        victims.of(attack.target()).add(attack);
        Map<String, Long> sent = attack.reflectors().stream()
                .collect(Collectors.toMap(
                        reflector -> Networks.of(reflector.address()), Attack.Reflector::packets, Amount::sum));
        sent.forEach((network, packets) -> networks.of(network).addReflected(attack, packets));
        heaviest.add(attack);
        if (heaviest.size() > LISTED) {
            heaviest.poll();
        }
    }

    private static Attack attack(Open open, Told last, boolean over) {
        Told before = open.before;
        long packets = before == null ? last.packets() : Math.max(0, last.packets() - before.packets());
        long bytes = before == null ? last.bytes() : Math.max(0, last.bytes() - before.bytes());
        return new Attack(
                last.pair(),
                last.vector(),
                last.target(),
                last.started(),
                last.time(),
                over,
                last.seconds(),
                open.peakPacketsPerSecond,
                open.peakBitsPerSecond,
                packets,
                bytes,
                last.sources(),
                before == null ? last.reflectors() : since(before, last));
    }

    /** What reflectors sent since they were told of before. */
    private static List<Attack.Reflector> since(Told before, Told last) {
        Map<String, Long> sent = before.reflectors().stream()
                .collect(Collectors.toMap(Attack.Reflector::address, Attack.Reflector::packets, Math::max));
        return last.reflectors().stream()
                .map(reflector -> new Attack.Reflector(
                        reflector.address(),
                        Math.max(0, reflector.packets() - sent.getOrDefault(reflector.address(), 0L))))
                .toList();
    }

    /** Those with the highest peaks, the highest first. */
    List<Attack> heaviest() {
        List<Attack> sorted = new ArrayList<>(heaviest);
        sorted.sort(BY_PEAK.reversed());
        return sorted;
    }

    long attacks() {
        return attacks;
    }

    /** Attacks whose end was not told by the end of the period. */
    long goOn() {
        return goOn;
    }

    Sums vectors() {
        return vectors;
    }

    Sums victims() {
        return victims;
    }

    Sums networks() {
        return networks;
    }

    Hours hours() {
        return hours;
    }
}
