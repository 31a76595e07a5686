package io.breakwater.appliance.gateway;

import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.LaneCounters;
import io.breakwater.engine.measure.Reasons;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What the box did, told when it ends. */
final class Summary {
    private Summary() {}

    static String of(List<LivePair> pairs) {
        StringBuilder text = new StringBuilder();
        for (LivePair pair : pairs) {
            for (Lane lane : Lane.values()) {
                lane(text, pair, lane);
            }
            line(
                    text,
                    "kernel drops: %s %,d, %s %,d",
                    pair.outsidePort(),
                    pair.outsideKernelDrops(),
                    pair.insidePort(),
                    pair.insideKernelDrops());
        }
        return text.toString();
    }

    private static void lane(StringBuilder text, LivePair pair, Lane lane) {
        LaneCounters counters = pair.engine().counters(lane);
        ShieldCounters shield = pair.shield(lane);
        line(
                text,
                "%s %s: received %,d frames (%,d bytes), forwarded %,d, dropped %,d",
                pair.name(),
                lane.label(),
                pair.receivedFrames(lane),
                pair.receivedBytes(lane),
                counters.forwardedFrames(),
                counters.droppedFrames() + shield.frames());
        Reasons reasons = pair.engine().reasons();
        for (int id = 1; id < Reasons.CAPACITY; id++) {
            if (counters.droppedFrames(id) > 0) {
                line(text, "  dropped    %-28s %,12d", reasons.name(id), counters.droppedFrames(id));
            }
            if (id < reasons.size() && shield.frames(id) > 0) {
                line(text, "  dropped    %-28s %,12d (in the kernel)", reasons.name(id), shield.frames(id));
            }
            if (counters.wouldDropFrames(id) > 0) {
                line(text, "  would drop %-28s %,12d", reasons.name(id), counters.wouldDropFrames(id));
            }
        }
        Histogram latency = pair.latency(lane).total();
        if (latency.getTotalCount() > 0) {
            line(
                    text,
                    "  latency    p50 %.3f ms, p99 %.3f ms, max %.3f ms",
                    latency.getValueAtPercentile(50) / 1e6,
                    latency.getValueAtPercentile(99) / 1e6,
                    latency.getMaxValue() / 1e6);
        }
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
