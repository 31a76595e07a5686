package io.breakwater.appliance.replay;

import io.breakwater.appliance.attack.SeenAttack;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.LatencyRecorder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.Vector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a replay did. {@code frames == forwarded + dropped}, and the reasons add up to {@code dropped}.
 *
 * @param frames frames read
 * @param bytes their original lengths
 * @param forwarded frames written or passed
 * @param dropped frames dropped
 * @param reasons dropped frames by reason
 * @param nonIp frames without IP
 * @param fragments IP fragments, first ones too
 * @param sourcesTracked entries of source-keyed tables at the end
 * @param wouldDrop what monitor mode let pass, by reason
 * @param solicitedVectors vectors of the policy whose answers must have been asked for
 * @param attacks attacks seen, in the order in which they were noticed
 * @param solicitedEnforced whether unsolicited answers were judged: needs {@code protected}, to know the inside
 * @param duration of the run
 * @param latency of forwarded frames, from publication of the slot to egress
 */
public record ReplayReport(
        long frames,
        long bytes,
        long forwarded,
        long dropped,
        Map<String, Long> reasons,
        long nonIp,
        long fragments,
        long sourcesTracked,
        Map<String, Long> wouldDrop,
        long solicitedVectors,
        List<SeenAttack> attacks,
        boolean solicitedEnforced,
        Duration duration,
        Histogram latency) {

    /** Adds up both lanes of an engine that has come to rest. */
    static ReplayReport of(PairEngine engine, List<SeenAttack> attacks, Duration duration) {
        Histogram latency = LatencyRecorder.emptyHistogram();
        long frames = 0;
        long bytes = 0;
        long forwarded = 0;
        long dropped = 0;
        long nonIp = 0;
        long fragments = 0;
        Map<String, Long> reasons = new TreeMap<>();
        Map<String, Long> wouldDrop = new TreeMap<>();
        for (Lane lane : Lane.values()) {
            LaneCounters counters = engine.counters(lane);
            frames += counters.receivedFrames();
            bytes += counters.receivedBytes();
            forwarded += counters.forwardedFrames();
            dropped += counters.droppedFrames();
            nonIp += counters.nonIpFrames();
            fragments += counters.fragmentFrames();
            for (int id = 1; id < Reasons.CAPACITY; id++) {
                addTo(reasons, engine.reasons(), id, counters.droppedFrames(id));
                addTo(wouldDrop, engine.reasons(), id, counters.wouldDropFrames(id));
            }
            engine.latency(lane).drainInto(latency);
        }
        return new ReplayReport(
                frames,
                bytes,
                forwarded,
                dropped,
                reasons,
                nonIp,
                fragments,
                engine.sourcesTracked(),
                wouldDrop,
                engine.policy().vectors().stream()
                        .filter(vector -> vector.action() == Vector.Action.SOLICITED)
                        .count(),
                attacks,
                engine.solicitedEnforced(),
                duration,
                latency);
    }

    private static void addTo(Map<String, Long> counts, Reasons catalogue, int id, long frames) {
        if (frames > 0) {
            counts.merge(catalogue.name(id), frames, Long::sum);
        }
    }

    /** Frames per second of the run; 0 for a run too short to tell. */
    public double framesPerSecond() {
        double seconds = seconds();
        return seconds == 0 ? 0 : frames / seconds;
    }

    /** Length of the run in seconds. */
    public double seconds() {
        return duration.toNanos() / 1e9;
    }
}
