package io.breakwater.appliance.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Frames by reason over time, in steps that are as short as the number of steps allows: a minute at first, twice as long
 * whenever there would be more than {@value #MAX_STEPS}.
 */
final class Timeline {
    private static final int MAX_STEPS = 2_048;
    private static final long MINUTE_S = 60;

    private final TreeMap<Long, Map<String, Long>> steps = new TreeMap<>();
    private long stepS = MINUTE_S;

    /** A step's frames by reason. */
    record Step(Instant begin, Map<String, Long> frames) {}

    void add(Instant time, String reason, long frames) {
        long step = Math.floorDiv(time.getEpochSecond(), stepS);
        steps.computeIfAbsent(step, _ -> new HashMap<>()).merge(reason, frames, Amount::sum);
        while (steps.size() > MAX_STEPS) {
            widen();
        }
    }

    private void widen() {
        TreeMap<Long, Map<String, Long>> narrow = new TreeMap<>(steps);
        steps.clear();
        stepS *= 2;
        narrow.forEach((step, frames) -> {
            Map<String, Long> into = steps.computeIfAbsent(Math.floorDiv(step, 2), _ -> new HashMap<>());
            frames.forEach((reason, count) -> into.merge(reason, count, Amount::sum));
        });
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Widens until there are so few steps from the first to the last, those without frames too, and gives them. */
    List<Step> steps(int most) {
        while (!steps.isEmpty() && steps.lastKey() - steps.firstKey() >= most) {
            widen();
        }
        List<Step> all = new ArrayList<>();
        for (long step = steps.isEmpty() ? 1 : steps.firstKey(); !steps.isEmpty() && step <= steps.lastKey(); step++) {
            all.add(new Step(Instant.ofEpochSecond(step * stepS), steps.getOrDefault(step, Map.of())));
        }
        return all;
    }

    /** Seconds that a step is long. */
    long stepSeconds() {
        return stepS;
    }
}
