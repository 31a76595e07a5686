package io.breakwater.appliance.gateway;

import io.breakwater.appliance.latency.HistogramLog;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.engine.frame.Lane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Writes each lane's latency of the last interval, if the operator asked for it. Thread: main. */
final class LatencyLog implements AutoCloseable {
    private final @Nullable HistogramLog log;
    private final List<LivePair> pairs;
    private final Map<String, Histogram> before = new HashMap<>();
    private long fromMs;

    private LatencyLog(@Nullable HistogramLog log, List<LivePair> pairs) {
        this.log = log;
        this.pairs = pairs;
        this.fromMs = log == null ? 0 : log.startMs();
    }

    static LatencyLog open(@Nullable Path file, List<LivePair> pairs) {
        try {
            return new LatencyLog(file == null ? null : new HistogramLog(file), pairs);
        } catch (IOException e) {
            throw CommandFailure.usage(
                    file + ": the histogram log cannot be written (" + e.getMessage() + "); choose another place");
        }
    }

    void tick() {
        if (log == null) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        for (LivePair pair : pairs) {
            for (Lane lane : Lane.values()) {
                Histogram total = pair.latency(lane).total();
                String tag = pair.name() + "-" + lane.label();
                Histogram last = before.put(tag, total);
                Histogram interval = total.copy();
                if (last != null) {
                    interval.subtract(last);
                }
                log.write(tag, interval, fromMs, nowMs);
            }
        }
        fromMs = nowMs;
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
    }
}
