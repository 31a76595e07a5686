package io.breakwater.bench.plot;

import io.breakwater.appliance.process.CommandFailure;
import java.awt.Color;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws plots as PNG. */
final class Pictures {
    private static final int WIDTH = 1_280;
    private static final int HEIGHT = 640;
    private static final int LABEL_ROTATION_DEGREES = 20;
    private static final double BAR_SHARE = 0.9;

    private Pictures() {}

    /** @throws CommandFailure (run time) if this machine has no fonts */
    static byte[] png(Plot plot) throws IOException {
        try {
            Chart<?, ?> chart = switch (plot) {
                case Plot.Bars bars -> bars(bars);
                case Plot.Lines lines -> lines(lines);
            };
            chart.getStyler().setChartBackgroundColor(Color.WHITE);
            return ChartEncoder.getBytes(chart, "png");
        } catch (LinkageError | InternalError noFonts) {
            throw CommandFailure.atRunTime("plots cannot be drawn (" + noFonts.getMessage()
                    + "); sudo apt-get install fontconfig fonts-dejavu-core");
        }
    }

    private static Chart<?, ?> bars(Plot.Bars bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(bars.title())
                .yAxisTitle(bars.valueTitle())
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        if (bars.logarithmic()) {
            // Bars begin at zero otherwise, which no such axis has.
            chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(1.0);
        }
        chart.getStyler().setXAxisLabelRotation(LABEL_ROTATION_DEGREES);
        chart.getStyler().setAvailableSpaceFill(BAR_SHARE);
        bars.series().forEach((name, values) -> chart.addSeries(name, bars.groups(), orZero(values)));
        return chart;
    }

    private static List<Double> orZero(List<Double> values) {
        return values.stream().map(value -> value.isNaN() ? 0 : value).toList();
    }

    private static Chart<?, ?> lines(Plot.Lines lines) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(lines.title())
                .xAxisTitle(lines.xTitle())
                .yAxisTitle(lines.yTitle())
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        // Else an axis begins at the least value, and a small difference looks large.
        chart.getStyler().setYAxisMin(0.0);
        for (Map.Entry<String, List<Plot.Point>> line : lines.series().entrySet()) {
            chart.addSeries(
                    line.getKey(),
                    line.getValue().stream().mapToDouble(Plot.Point::x).toArray(),
                    line.getValue().stream().mapToDouble(Plot.Point::y).toArray());
        }
        return chart;
    }
}
