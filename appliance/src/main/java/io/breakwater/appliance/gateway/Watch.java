package io.breakwater.appliance.gateway;

import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.LimitRule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tells, from counters that rise, what no thread of the data path tells: limits that hold, tables that are full, frames
 * lost before they could be read.
 *
 * <p>A limit holds from the first frame it drops until it has dropped none for as long as its {@code hold}; what is told is
 * about the rule, however many keys it holds. It ends too when a new policy has no such limit, or that without {@code
 * hold}. A port is overloaded from the first frame lost until none was for {@value #QUIET_SECONDS} s. A full table is told
 * once a minute.
 *
 * <p><b>Thread:</b> main, about once a second.
 */
final class Watch {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long QUIET_SECONDS = 10;
    private static final long MINUTE_NS = 60 * SECOND_NS;

    /** Instead of how long it must be quiet: what was watched is not there any more. */
    private static final long GONE = -1;

    /** From this fill on a limit looks no longer at keys that send next to nothing; a 32nd is left then. */
    private static final double BRIMFUL = 31 / 32.0;

    /** Below this fill a table that was full is worth telling of again. */
    private static final double ROOMY = 0.9;

    private final Events events;
    private final LongSupplier nanoTime;
    private final Map<String, Rise> rises = new HashMap<>();

    /** Per pair, the limits that hold or held: a policy that comes later may have them no more. */
    private final Map<String, Set<String>> limits = new HashMap<>();

    /** A counter, watched. */
    private static final class Rise {
        private long last;
        private long atStart;
        private long toldNs;
        private long roseNs;
        private boolean active;
    }

    Watch(Events events, LongSupplier nanoTime) {
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /** Looks at a pair's counters; the first look only learns them. */
    void look(PairView pair) {
        PairEngine engine = pair.engine();
        limits(pair, engine.policy().limits());
        for (String table : engine.tables()) {
            full(pair, table, engine.evictions(table), engine.fill(table), "keys had to make room");
        }
        full(pair, "solicited", engine.solicitedOverflows(), 0, "questions found no room");
        lost(pair, pair.outsidePort(), pair.outsideKernelDrops());
        lost(pair, pair.insidePort(), pair.insideKernelDrops());
    }

    private void limits(PairView pair, List<LimitRule> rules) {
        Map<String, Long> holdsNs = new LinkedHashMap<>();
        for (LimitRule rule : rules) {
            if (rule.holdNs() > 0) {
                holdsNs.put(rule.name(), rule.holdNs());
            }
        }
        Set<String> known = limits.computeIfAbsent(pair.name(), name -> new LinkedHashSet<>());
        known.addAll(holdsNs.keySet());
        for (String limit : known) {
            hold(pair, limit, holdsNs.getOrDefault(limit, GONE));
        }
    }

    private void hold(PairView pair, String limit, long holdNs) {
        int reason = pair.engine().reasons().limit(limit);
        long count = 0;
        for (Lane lane : Lane.values()) {
            LaneCounters counters = pair.engine().counters(lane);
            count += counters.droppedFrames(reason) + counters.wouldDropFrames(reason);
        }
        String what = "limit " + limit;
        span(
                pair,
                what,
                count,
                holdNs,
                new Span(
                        EventKind.HOLD_START,
                        EventKind.HOLD_END,
                        what + " holds what is over it",
                        what + " holds nothing any more",
                        Map.of("pair", pair.name(), "limit", limit)));
    }

    private void lost(PairView pair, String port, long count) {
        String what = "port " + port;
        span(
                pair,
                what,
                count,
                QUIET_SECONDS * SECOND_NS,
                new Span(
                        EventKind.OVERLOAD_START,
                        EventKind.OVERLOAD_END,
                        what + " loses frames before they can be read: more comes than this box can take",
                        what + " loses no frames any more",
                        Map.of("pair", pair.name(), "port", port)));
    }

    /** What is told at the start and at the end of a rise. */
    private record Span(EventKind start, EventKind end, String startText, String endText, Map<String, Object> fields) {}

    /** Of what is {@link #GONE} the counter is still followed, so that a span that begins later counts from there. */
    private void span(PairView pair, String what, long count, long quietNs, Span span) {
        String prefix = "pair " + pair.name() + ": ";
        long nowNs = nanoTime.getAsLong();
        Rise known = rises.get(pair.name() + " " + what);
        Rise rise = known == null ? learn(pair.name() + " " + what, count) : known;
        boolean gone = quietNs == GONE;
        if (count > rise.last && !gone) {
            rise.roseNs = nowNs;
            if (!rise.active) {
                rise.active = true;
                rise.atStart = rise.last;
                events.tell(span.start(), prefix + span.startText(), span.fields());
            }
        } else if (rise.active && (gone || nowNs - rise.roseNs >= quietNs)) {
            rise.active = false;
            long frames = count - rise.atStart;
            Map<String, Object> fields = new LinkedHashMap<>(span.fields());
            fields.put("frames", frames);
            events.tell(span.end(), prefix + span.endText() + "; " + frames + " frames", fields);
        }
        rise.last = count;
    }

    /** A limit's table can be full and yet evict nothing, because keys that send next to nothing are not put into it. */
    private void full(PairView pair, String table, long count, double fill, String how) {
        String key = pair.name() + " table " + table;
        Rise known = rises.get(key);
        Rise rise = known == null ? learn(key, count) : known;
        long nowNs = nanoTime.getAsLong();
        boolean minutePassed = nowNs - rise.toldNs >= MINUTE_NS;
        rise.active &= fill >= ROOMY || !minutePassed;
        boolean rose = count > rise.last && (!rise.active || minutePassed);
        if (rose || (fill >= BRIMFUL && !rise.active)) {
            long since = count - rise.last;
            rise.active = true;
            rise.toldNs = nowNs;
            rise.last = count;
            events.tell(
                    EventKind.TABLE_FULL,
                    "pair " + pair.name() + ": table " + table + " is full: " + since + " " + how,
                    Map.of("pair", pair.name(), "table", table, "count", since));
        }
    }

    private Rise learn(String key, long count) {
        Rise rise = new Rise();
        rise.last = count;
        rises.put(key, rise);
        return rise;
    }
}
