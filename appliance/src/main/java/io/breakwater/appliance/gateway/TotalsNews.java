package io.breakwater.appliance.gateway;

import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.metrics.LaneTotals;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.engine.frame.Lane;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what each pair has counted since the box started, at the turn of every minute and at the end: with it, what was
 * dropped in any period can be told from the events alone, exactly where the log has the whole run.
 *
 * <p><b>Why</b> totals and not what a minute brought: an event that is lost, or a file that was rotated away, then costs
 * resolution and no truth. <b>Why</b> the turn of the minute: so that days and hours end where they should.
 *
 * <p><b>Thread:</b> main, about ten times a second.
 */
final class TotalsNews {
    private final Events events;
    private final Clock clock;
    private final Instant since;
    private Instant minute;

    /** Nothing was told yet; {@code since} is when counting began. */
    TotalsNews(Events events, Clock clock, Instant since) {
        this.events = events;
        this.clock = clock;
        this.since = since;
        this.minute = minute();
    }

    private Instant minute() {
        return clock.instant().truncatedTo(ChronoUnit.MINUTES);
    }

    /** Tells if another minute has begun; a clock that was set back begins one too. */
    void tick(List<? extends PairView> pairs) {
        Instant now = minute();
        if (!now.equals(minute)) {
            minute = now;
            tell(pairs);
        }
    }

    /** Tells now. */
    void tell(List<? extends PairView> pairs) {
        for (PairView pair : pairs) {
            long received = 0;
            Map<String, Object> lanes = new LinkedHashMap<>();
            for (Lane lane : Lane.values()) {
                lanes.put(lane.label(), LaneTotals.of(pair, lane));
                received += pair.receivedFrames(lane);
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("pair", pair.name());
            fields.put("since", since.toString());
            fields.put("lanes", lanes);
            fields.put("kernel_drops", pair.outsideKernelDrops() + pair.insideKernelDrops());
            events.tell(
                    EventKind.TOTALS,
                    "pair " + pair.name() + ": " + received + " frames received since the start",
                    fields);
        }
    }
}
