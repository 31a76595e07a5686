package io.breakwater.bench.plot;

import io.breakwater.appliance.plot.Canvas;
import io.breakwater.appliance.plot.Pictures;
import io.breakwater.appliance.plot.Plot;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** One page that needs nothing but itself: pictures within, and the tables as they were on the terminal. */
public final class HtmlReport {
    private static final String STYLE = "body{font:15px/1.5 sans-serif;max-width:1300px;margin:2em auto;padding:0 1em}"
            + "img{max-width:100%}pre{overflow-x:auto;background:#f4f4f4;padding:1em;font-size:13px}";

    private HtmlReport() {}

    /**
     * Writes the page, and each picture as PNG beside it: {@code report.html}, {@code report-goodput.png}, …
     *
     * @throws CommandFailure (run time) if that is impossible
     */
    public static void write(Path file, String title, Machine machine, String tables, List<Plot> plots) {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><h1>")
                .append(escaped(title))
                .append("</h1><p>")
                .append(escaped(machine.text()))
                .append("</p>\n");
        try {
            for (Plot plot : plots) {
                byte[] png = Pictures.png(plot, Canvas.DOCUMENT);
                Files.write(beside(file, plot), png);
                page.append("<figure><img alt=\"")
                        .append(escaped(plot.title()))
                        .append("\" src=\"data:image/png;base64,")
                        .append(Base64.getEncoder().encodeToString(png))
                        .append("\"></figure>\n");
            }
            page.append("<pre>").append(escaped(tables)).append("</pre></html>\n");
            Files.writeString(file, page);
        } catch (IOException e) {
            throw CommandFailure.atRunTime(
                    file + ": the page cannot be written (" + e.getMessage() + "); choose another place");
        }
    }

    private static Path beside(Path file, Plot plot) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + "-" + plot.name() + ".png");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
