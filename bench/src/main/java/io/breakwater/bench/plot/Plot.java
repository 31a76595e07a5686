package io.breakwater.bench.plot;

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
     * Lines.
     *
     * @param series of each legend entry its points, by x
     */
    record Lines(String name, String title, String xTitle, String yTitle, Map<String, List<Point>> series)
            implements Plot {}

    /** A point of a line. */
    record Point(double x, double y) {}
}
