package io.breakwater.appliance.plot;

import io.breakwater.appliance.process.CommandFailure;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws plots as PNG. */
public final class Pictures {
    private static final int LABEL_ROTATION_DEGREES = 20;
    private static final double BAR_SHARE = 0.9;
    /** Room that a label below a bar takes. */
    private static final int LABEL_WIDTH = 60;

    private static final long DAY_MS = 86_400_000;

    private final Canvas canvas;

    private Pictures(Canvas canvas) {
        this.canvas = canvas;
    }

    /**
     * Draws it.
     *
     * @throws CommandFailure (run time) if this machine has no fonts
     */
    public static byte[] png(Plot plot, Canvas canvas) throws IOException {
        try {
            Chart<?, ?> chart = new Pictures(canvas).chart(plot);
            return painted(chart, canvas);
        } catch (LinkageError | InternalError noFonts) {
            throw CommandFailure.atRunTime("plots cannot be drawn (" + noFonts.getMessage()
                    + "); sudo apt-get install fontconfig fonts-dejavu-core");
        }
    }

    private static byte[] painted(Chart<?, ?> chart, Canvas canvas) throws IOException {
        int scale = canvas.scale();
        BufferedImage image =
                new BufferedImage(canvas.width() * scale, canvas.height() * scale, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(scale, scale);
        chart.paint(graphics, canvas.width(), canvas.height());
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    private Chart<?, ?> chart(Plot plot) {
        return switch (plot) {
            case Plot.Bars bars -> bars(bars);
            case Plot.Stack stack -> stack(stack);
            case Plot.Ranking ranking -> ranking(ranking);
            case Plot.Lines lines -> lines(lines);
            case Plot.Times times -> times(times);
        };
    }

    private Chart<?, ?> bars(Plot.Bars bars) {
        CategoryChart chart = categories(bars.title(), bars.valueTitle());
        if (bars.logarithmic()) {
            // Bars begin at zero otherwise, which no such axis has.
            chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(1.0);
        }
        bars.series().forEach((name, values) -> chart.addSeries(name, bars.groups(), orZero(values)));
        return chart;
    }

    private CategoryChart categories(String title, String valueTitle) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(canvas.width())
                .height(canvas.height())
                .title(title)
                .yAxisTitle(valueTitle)
                .build();
        dress(chart.getStyler());
        chart.getStyler().setXAxisLabelRotation(LABEL_ROTATION_DEGREES);
        chart.getStyler().setAvailableSpaceFill(BAR_SHARE);
        return chart;
    }

    private Chart<?, ?> stack(Plot.Stack stack) {
        CategoryChart chart = categories(stack.title(), stack.valueTitle());
        chart.getStyler().setStacked(true);
        chart.getStyler().setXAxisMaxLabelCount(canvas.width() / LABEL_WIDTH);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLegendVisible(stack.series().size() > 1);
        stack.series().forEach((name, values) -> chart.addSeries(name, stack.groups(), orZero(values)));
        return chart;
    }

    private Chart<?, ?> ranking(Plot.Ranking ranking) {
        HorizontalBarChart chart = new HorizontalBarChartBuilder()
                .width(canvas.width())
                .height(canvas.height())
                .title(ranking.title())
                .xAxisTitle(ranking.valueTitle())
                .build();
        dress(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setAvailableSpaceFill(BAR_SHARE);
        // Every bar has its name; XChart takes no such number below two.
        chart.getStyler().setXAxisMaxLabelCount(Math.max(2, ranking.names().size()));
        chart.getStyler().setYAxisTickMarkSpacingHint(1);
        chart.addSeries(ranking.valueTitle(), ranking.values(), ranking.names());
        return chart;
    }

    private static List<Double> orZero(List<Double> values) {
        return values.stream().map(value -> value.isNaN() ? 0 : value).toList();
    }

    private Chart<?, ?> lines(Plot.Lines lines) {
        XYChart chart = xy(lines.title(), lines.xTitle(), lines.yTitle());
        for (Map.Entry<String, List<Plot.Point>> line : lines.series().entrySet()) {
            chart.addSeries(
                    line.getKey(),
                    line.getValue().stream().mapToDouble(Plot.Point::x).toArray(),
                    line.getValue().stream().mapToDouble(Plot.Point::y).toArray());
        }
        return chart;
    }

    private XYChart xy(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder()
                .width(canvas.width())
                .height(canvas.height())
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        dress(chart.getStyler());
        // Else an axis begins at the least value, and a small difference looks large.
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    @SuppressWarnings("JavaUtilDate") // What XChart knows times by.
    private Chart<?, ?> times(Plot.Times times) {
        XYChart chart = xy(times.title(), "time, UTC", times.valueTitle());
        List<Date> dates = times.times().stream().map(Date::from).toList();
        long spanMs = dates.getLast().getTime() - dates.getFirst().getTime();
        chart.getStyler().setTimezone(TimeZone.getTimeZone("UTC"));
        chart.getStyler().setDatePattern(spanMs > 2 * DAY_MS ? "MM-dd" : spanMs > DAY_MS ? "dd HH:mm" : "HH:mm");
        times.series()
                .forEach((name, values) -> chart.addSeries(name, dates, values).setMarker(SeriesMarkers.NONE));
        return chart;
    }

    private void dress(AxesChartStyler styler) {
        (canvas.dark() ? Look.DARK : Look.LIGHT).dress(styler, canvas.isNarrow());
    }
}
