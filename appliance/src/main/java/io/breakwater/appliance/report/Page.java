package io.breakwater.appliance.report;

import io.breakwater.appliance.plot.Canvas;
import io.breakwater.appliance.plot.Pictures;
import io.breakwater.appliance.plot.Plot;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** Parts of an HTML page that needs nothing but itself. Whatever is told is text: nothing of it becomes markup. */
final class Page {
    private static final Canvas WIDE = new Canvas(980, 380, 2, false);
    private static final Canvas WIDE_DARK = new Canvas(980, 380, 2, true);
    private static final Canvas NARROW = new Canvas(420, 500, 2, false);
    private static final Canvas NARROW_DARK = new Canvas(420, 500, 2, true);

    private final StringBuilder html = new StringBuilder();

    /** A column of a table. */
    record Column(String title, boolean number) {
        static Column text(String title) {
            return new Column(title, false);
        }

        static Column number(String title) {
            return new Column(title, true);
        }
    }

    Page(String title, String style) {
        html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;")
                .append(" style-src 'unsafe-inline'\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(style)
                .append("</style>\n</head>\n<body>\n<main>\n");
    }

    void element(String name, String text) {
        html.append('<')
                .append(name)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    void open(String name, String cssClass) {
        html.append('<').append(name).append(" class=\"").append(cssClass).append("\">\n");
    }

    void close(String name) {
        html.append("</").append(name).append(">\n");
    }

    /** A figure that is read at a glance. */
    void tile(String name, String value, String more) {
        html.append("<div><dt>").append(escaped(name)).append("</dt><dd><b>").append(escaped(value));
        html.append("</b> ").append(escaped(more)).append("</dd></div>\n");
    }

    void list(List<String> items) {
        html.append("<ul>\n");
        items.forEach(item -> element("li", item));
        html.append("</ul>\n");
    }

    /** For every width and colour scheme a picture of its own; paper is white. */
    void picture(Plot plot) throws IOException {
        html.append("<picture>\n");
        source(plot, NARROW_DARK, "screen and (max-width: 600px) and (prefers-color-scheme: dark)");
        source(plot, NARROW, "screen and (max-width: 600px)");
        source(plot, WIDE_DARK, "screen and (prefers-color-scheme: dark)");
        html.append("<img alt=\"")
                .append(escaped(plot.title()))
                .append(". The table below holds the numbers.\" width=\"")
                .append(WIDE.width())
                .append("\" height=\"")
                .append(WIDE.height())
                .append("\" src=\"");
        data(plot, WIDE);
        html.append("\">\n</picture>\n");
    }

    private void source(Plot plot, Canvas canvas, String media) throws IOException {
        html.append("<source media=\"").append(media).append("\" width=\"").append(canvas.width());
        html.append("\" height=\"").append(canvas.height()).append("\" srcset=\"");
        data(plot, canvas);
        html.append("\">\n");
    }

    private void data(Plot plot, Canvas canvas) throws IOException {
        byte[] png = Pictures.png(plot, canvas);
        html.append("data:image/png;base64,").append(Base64.getEncoder().encodeToString(png));
    }

    /** A table whose first column names its rows; one that is wider than the page is scrolled by itself. */
    void table(String caption, List<Column> columns, List<List<String>> rows) {
        html.append("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(escaped(caption))
                .append("\"><table>\n<caption>")
                .append(escaped(caption))
                .append("</caption>\n<thead><tr>");
        for (Column column : columns) {
            html.append("<th scope=\"col\"").append(kind(column)).append('>');
            html.append(escaped(column.title())).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        rows.forEach(row -> row(columns, row));
        html.append("</tbody></table></div>\n");
    }

    private void row(List<Column> columns, List<String> row) {
        html.append("<tr>");
        for (int i = 0; i < row.size(); i++) {
            String cell = i == 0 ? "th" : "td";
            html.append('<').append(cell).append(i == 0 ? " scope=\"row\"" : "").append(kind(columns.get(i)));
            html.append('>')
                    .append(escaped(row.get(i)))
                    .append("</")
                    .append(cell)
                    .append('>');
        }
        html.append("</tr>\n");
    }

    private static String kind(Column column) {
        return column.number() ? " class=\"number\"" : "";
    }

    /** The whole page. */
    String end() {
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String escaped(String text) {
        return Words.plain(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
