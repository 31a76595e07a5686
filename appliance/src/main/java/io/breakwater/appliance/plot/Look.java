package io.breakwater.appliance.plot;

import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Colours of a picture. Those of series can be told apart by people who do not see all colours (Okabe and Ito, "Color
 * Universal Design", 2008; for dark pictures lightened).
 */
record Look(Color background, Color text, Color grid, List<Color> series) {
    static final Look LIGHT = new Look(
            Color.WHITE,
            new Color(0x1f2328),
            new Color(0xd9dde2),
            colours(0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x6e7781));

    static final Look DARK = new Look(
            new Color(0x16191d),
            new Color(0xe6e8ea),
            new Color(0x3a4047),
            colours(0x4aa8e8, 0xff8a3d, 0x2fc799, 0xe79cc6, 0xf2b632, 0x9ad6f7, 0xa3abb3));

    private static final int TITLE_SIZE = 17;
    private static final int TEXT_SIZE = 13;
    private static final int NARROW_TITLE_SIZE = 13;
    private static final int NARROW_TEXT_SIZE = 12;

    private static List<Color> colours(int... rgb) {
        return IntStream.of(rgb).mapToObj(Color::new).toList();
    }

    void dress(AxesChartStyler styler, boolean narrow) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, narrow ? NARROW_TEXT_SIZE : TEXT_SIZE);
        styler.setChartBackgroundColor(background);
        styler.setPlotBackgroundColor(background);
        styler.setPlotBorderVisible(false);
        styler.setChartFontColor(text);
        styler.setChartTitleFont(font.deriveFont(Font.BOLD, narrow ? NARROW_TITLE_SIZE : TITLE_SIZE));
        styler.setLegendBackgroundColor(background);
        styler.setLegendBorderColor(background);
        styler.setLegendFont(font);
        styler.setSeriesColors(series.toArray(Color[]::new));
        styler.setPlotGridLinesColor(grid);
        styler.setAxisTickMarksColor(grid);
        styler.setAxisTickLabelsColor(text);
        styler.setAxisTickLabelsFont(font);
        styler.setAxisTitleFont(font);
        styler.setLegendPosition(narrow ? LegendPosition.OutsideS : LegendPosition.OutsideE);
        styler.setLegendLayout(LegendLayout.Vertical);
    }
}
