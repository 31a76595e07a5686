package io.breakwater.appliance.report;

import io.breakwater.engine.frame.Lane;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What pairs received, forwarded and dropped in a period, from events of kind totals: each tells everything since the box
 * started, so what happened between two of one run is their difference, and it belongs to the minute in which the first
 * was told.
 */
final class TotalsTally {
    /** More pairs than a box can have cards for. */
    private static final int MAX_PAIRS = 1_024;

    private static final List<String> LANES =
            Stream.of(Lane.values()).map(Lane::label).toList();
    /** The first totals of a run come at the turn of a minute. */
    private static final long FIRST_WITHIN_S = 120;

    private final Period period;
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, PairAmounts> pairs = new TreeMap<>();
    private final Timeline dropped = new Timeline();
    private final Timeline wouldDrop = new Timeline();

    private record Known(Instant since, Instant time, Map<String, LaneAmounts> lanes, long kernelDrops) {}

    /** What a pair did in the period. */
    static final class PairAmounts {
        final Map<String, LaneAmounts> lanes = new LinkedHashMap<>();
        long kernelDrops;

        @Nullable
        Instant from;

        @Nullable
        Instant to;
        /** Whether the log begins after the run did, so that what came before is not known. */
        boolean begunLate;
    }

    TotalsTally(Period period) {
        this.period = period;
    }

    /** @param log tells logs apart: two boxes may name their pairs alike */
    void add(String log, Instant time, Fields event) {
        String pair = event.text("pair");
        Map<String, LaneAmounts> lanes = new LinkedHashMap<>();
        for (String lane : LANES) {
            lanes.put(lane, LaneAmounts.of(event.object("lanes").object(lane)));
        }
        Known now = new Known(event.time("since"), time, lanes, event.number("kernel_drops"));
        Known before = known.get(log + "\0" + pair);
        if (before == null && known.size() >= MAX_PAIRS) {
            throw new IllegalArgumentException("more than " + MAX_PAIRS + " pairs");
        }
        known.put(log + "\0" + pair, now);
        if (before != null && before.since().equals(now.since())) {
            between(pair, before, now);
        } else if (isFromTheBeginning(now, before)) {
            between(pair, beginning(now), now);
        } else if (period.contains(time)) {
            amounts(pair, time).begunLate = true;
        }
    }

    /** Whether these are the first totals of their run, so that they tell all of it. */
    private static boolean isFromTheBeginning(Known now, @Nullable Known before) {
        return before != null || !now.time().isAfter(now.since().plusSeconds(FIRST_WITHIN_S));
    }

    private static Known beginning(Known now) {
        Map<String, LaneAmounts> nothing = new LinkedHashMap<>();
        LANES.forEach(lane -> nothing.put(lane, LaneAmounts.NONE));
        return new Known(now.since(), now.since(), nothing, 0);
    }

    private void between(String pair, Known before, Known now) {
        Map<String, LaneAmounts> differences = new LinkedHashMap<>();
        now.lanes()
                .forEach((lane, amounts) ->
                        differences.put(lane, amounts.minus(before.lanes().getOrDefault(lane, LaneAmounts.NONE))));
        long lost = now.kernelDrops() - before.kernelDrops();
        if (lost < 0 || differences.values().stream().anyMatch(LaneAmounts::hasNegative)) {
            throw new IllegalArgumentException("totals went back, which they never do");
        }
        if (!period.contains(before.time())) {
            return;
        }
        PairAmounts amounts = amounts(pair, before.time());
        amounts.to = now.time();
        amounts.kernelDrops = Amount.sum(amounts.kernelDrops, lost);
        differences.forEach((lane, difference) -> {
            amounts.lanes.merge(lane, difference, LaneAmounts::plus);
            difference.reasons().forEach((reason, amount) -> dropped.add(before.time(), reason, amount.frames()));
            difference.wouldDrop().forEach((reason, amount) -> wouldDrop.add(before.time(), reason, amount.frames()));
        });
    }

    private PairAmounts amounts(String pair, Instant from) {
        PairAmounts amounts = pairs.computeIfAbsent(pair, _ -> new PairAmounts());
        if (amounts.from == null || from.isBefore(amounts.from)) {
            amounts.from = from;
        }
        return amounts;
    }

    Map<String, PairAmounts> pairs() {
        return pairs;
    }

    Timeline dropped() {
        return dropped;
    }

    Timeline wouldDrop() {
        return wouldDrop;
    }
}
