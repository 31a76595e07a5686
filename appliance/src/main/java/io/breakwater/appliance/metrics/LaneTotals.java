package io.breakwater.appliance.metrics;

import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.Reasons;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * What a lane did since the box started, Java and shield together: the very numbers of API, events and metrics.
 *
 * <p><b>Thread:</b> any; while frames flow the numbers are of slightly different moments.
 */
public final class LaneTotals {
    private LaneTotals() {}

    /** {@code received}, {@code forwarded}, {@code dropped}, and by reason {@code reasons} and {@code would_drop}. */
    public static Map<String, Object> of(PairView pair, Lane lane) {
        LaneCounters counters = pair.engine().counters(lane);
        ShieldCounters shield = pair.shield(lane);
        Reasons reasons = pair.engine().reasons();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("received", amount(pair.receivedFrames(lane), pair.receivedBytes(lane)));
        map.put("forwarded", amount(counters.forwardedFrames(), counters.forwardedBytes()));
        map.put(
                "dropped",
                amount(counters.droppedFrames() + shield.frames(), counters.droppedBytes() + shield.bytes()));
        map.put(
                "reasons",
                byReason(
                        reasons,
                        id -> counters.droppedFrames(id) + shield.frames(id),
                        id -> counters.droppedBytes(id) + shield.bytes(id)));
        map.put("would_drop", byReason(reasons, counters::wouldDropFrames, counters::wouldDropBytes));
        return map;
    }

    private static Map<String, Object> amount(long frames, long bytes) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("frames", frames);
        map.put("bytes", bytes);
        return map;
    }

    private static Map<String, Object> byReason(Reasons reasons, IntToLongFunction frames, IntToLongFunction bytes) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int id = 1; id < Reasons.CAPACITY; id++) {
            long count = frames.applyAsLong(id);
            if (count > 0) {
                map.put(reasons.name(id), amount(count, bytes.applyAsLong(id)));
            }
        }
        return map;
    }
}
