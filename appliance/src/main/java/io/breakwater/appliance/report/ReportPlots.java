package io.breakwater.appliance.report;

import io.breakwater.appliance.plot.Plot;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A report in pictures. */
final class ReportPlots {
    /** More colours than this nobody tells apart. */
    private static final int SERIES = 6;

    private static final int RANKED = 10;
    /** Points of a line, so that a picture shows every one. */
    private static final int POINTS = 300;

    private static final int MAX_GROUPS = 124;
    private static final Duration BY_HOUR = Duration.ofDays(2);
    private static final int NAME_LENGTH = 28;
    private static final String OTHERS = "others";
    private static final double MILLION = 1e6;

    private final EventReport report;
    private final boolean byHour;

    ReportPlots(EventReport report) {
        this.report = report;
        SortedMap<Instant, ?> hours = report.attacks().hours().byHour();
        this.byHour = !hours.isEmpty()
                && Duration.between(hours.firstKey(), hours.lastKey()).compareTo(BY_HOUR) < 0;
    }

    /** Attacks by the time they began; one series a vector. */
    Plot attacks() {
        List<String> vectors = names(report.attacks().vectors().largest(SERIES));
        Map<String, List<Double>> series = new LinkedHashMap<>();
        vectors.forEach(vector -> series.put(vector, new ArrayList<>()));
        List<String> groups = new ArrayList<>();
        spans().forEach((begin, cells) -> {
            groups.add(label(begin));
            Map<String, Double> counts = new HashMap<>();
            cells.forEach((vector, cell) -> {
                String name = series.containsKey(shown(vector)) ? shown(vector) : OTHERS;
                counts.merge(name, (double) cell.attacks, Double::sum);
            });
            counts.keySet().forEach(name -> series.computeIfAbsent(name, _ -> zeros(groups.size() - 1)));
            series.forEach((name, values) -> values.add(counts.getOrDefault(name, 0.0)));
        });
        String title = "Attacks that began, by " + (byHour ? "hour" : "day") + " (UTC) and vector";
        return new Plot.Stack("attacks", title, "attacks", groups, series);
    }

    private static List<Double> zeros(int count) {
        List<Double> zeros = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            zeros.add(0.0);
        }
        return zeros;
    }

    /** The highest rate of any one attack. */
    Plot peaks() {
        List<String> groups = new ArrayList<>();
        List<Double> peaks = new ArrayList<>();
        spans().forEach((begin, cells) -> {
            groups.add(label(begin));
            peaks.add(cells.values().stream()
                            .mapToLong(cell -> cell.peakBitsPerSecond)
                            .max()
                            .orElse(0)
                    / MILLION);
        });
        String title = "Highest rate of one attack, by " + (byHour ? "hour" : "day") + " (UTC)";
        return new Plot.Stack("peaks", title, "Mbit/s", groups, Map.of("Mbit/s", peaks));
    }

    /** Hours or days from the first attack to the last, those without any too where they are few enough to show. */
    private SortedMap<Instant, SortedMap<String, Hours.Cell>> spans() {
        Hours hours = report.attacks().hours();
        SortedMap<Instant, SortedMap<String, Hours.Cell>> spans = byHour ? hours.byHour() : hours.byDay();
        if (spans.isEmpty()) {
            return spans;
        }
        ChronoUnit unit = byHour ? ChronoUnit.HOURS : ChronoUnit.DAYS;
        SortedMap<Instant, SortedMap<String, Hours.Cell>> all = new TreeMap<>(spans);
        if (unit.between(spans.firstKey(), spans.lastKey()) <= MAX_GROUPS) {
            for (Instant time = spans.firstKey(); time.isBefore(spans.lastKey()); time = time.plus(1, unit)) {
                all.putIfAbsent(time, new TreeMap<>());
            }
        }
        return all;
    }

    private String label(Instant begin) {
        String pattern = byHour ? "dd HH:mm" : "yyyy-MM-dd";
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(begin.atOffset(ZoneOffset.UTC));
    }

    /** Frames that were dropped, or would have been, by reason. */
    static Plot reasons(String name, String title, Timeline timeline) {
        List<Timeline.Step> steps = new ArrayList<>(timeline.steps(POINTS));
        if (steps.size() == 1) {
            // A line needs two ends.
            Timeline.Step only = steps.getFirst();
            steps.add(new Timeline.Step(only.begin().plusSeconds(timeline.stepSeconds()), only.frames()));
        }
        Map<String, Long> sums = new HashMap<>();
        steps.forEach(step -> step.frames().forEach((reason, frames) -> sums.merge(reason, frames, Amount::sum)));
        List<String> largest = sums.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(SERIES)
                .map(Map.Entry::getKey)
                .toList();
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (String reason : largest) {
            series.put(
                    shown(reason),
                    steps.stream()
                            .map(step -> step.frames().getOrDefault(reason, 0L) / (double) timeline.stepSeconds())
                            .toList());
        }
        if (sums.size() > largest.size()) {
            series.put(
                    OTHERS,
                    steps.stream()
                            .map(step -> rest(step, largest) / timeline.stepSeconds())
                            .toList());
        }
        List<Instant> times = steps.stream().map(Timeline.Step::begin).toList();
        return new Plot.Times(name, title, "frames/s", times, series);
    }

    private static double rest(Timeline.Step step, List<String> largest) {
        return step.frames().entrySet().stream()
                .filter(entry -> !largest.contains(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The largest sums by packets. */
    static Plot ranking(String name, String title, Sums sums) {
        List<Sums.Sum> largest = sums.largest(RANKED).stream()
                .filter(sum -> !sum.name.equals(OTHERS))
                .toList();
        return new Plot.Ranking(
                name,
                title,
                "attack packets, thousands",
                names(largest),
                largest.stream().map(sum -> sum.packets / 1e3).toList());
    }

    private static List<String> names(List<Sums.Sum> sums) {
        return sums.stream().map(sum -> shown(sum.name)).distinct().toList();
    }

    /** A name that does not take a picture's whole width. */
    private static String shown(String name) {
        String plain = Words.plain(name);
        return plain.length() <= NAME_LENGTH ? plain : plain.substring(0, NAME_LENGTH - 1) + "…";
    }
}
