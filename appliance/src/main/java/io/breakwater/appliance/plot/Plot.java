package io.breakwater.appliance.plot;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a picture shows; {@link Pictures} draws it. */
public sealed interface Plot {
    /** Of its file, without ending: lower case and dashes. */
    String name();

    String title();

    /**
     * Bars in groups.
     *
     * @param groups names below the bars
     * @param series of each legend entry one value a group; NaN: none
     * @param logarithmic whether the value axis is
     */
    record Bars(
            String name,
            String title,
            String valueTitle,
            List<String> groups,
            Map<String, List<Double>> series,
            boolean logarithmic)
            implements Plot {}

    /**
     * Bars of parts that add up.
     *
     * @param groups names below the bars
     * @param series of each legend entry one part a group
     */
    record Stack(String name, String title, String valueTitle, List<String> groups, Map<String, List<Double>> series)
            implements Plot {}

    /**
     * One bar each, lying, the longest on top.
     *
     * @param names beside the bars, the longest bar's first; no two alike
     * @param values as many
     */
    record Ranking(String name, String title, String valueTitle, List<String> names, List<Double> values)
            implements Plot {}

    /**
     * Lines.
     *
     * @param series of each legend entry its points, by x
     */
    record Lines(String name, String title, String xTitle, String yTitle, Map<String, List<Point>> series)
            implements Plot {}

    /**
     * Lines over time, UTC.
     *
     * @param times of all points
     * @param series of each legend entry one value a time
     */
    record Times(String name, String title, String valueTitle, List<Instant> times, Map<String, List<Double>> series)
            implements Plot {}

    /** A point of a line. */
    record Point(double x, double y) {}
}
