package io.breakwater.appliance.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Prometheus' text format 0.0.4, written into memory that is used again. Thread: whoever holds the page's lock. */
final class MetricText {
    private static final int FIRST_BYTES = 1 << 17;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** The beginning of a series: {@code name{label="value",…} }, of names and values in turn. */
    static byte[] series(String name, String... labels) {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            text.append(escaped(labels[i + 1])).append('"');
        }
        return bytes(text.append(labels.length == 0 ? " " : "} ").toString());
    }

    /** A family's head. */
    static byte[] head(String name, String type, String help) {
        return bytes("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void clear() {
        length = 0;
    }

    void put(byte[] text) {
        if (length + text.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + text.length));
        }
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    void put(String text) {
        put(bytes(text));
    }

    /** A line: the series and its value, a whole number. */
    void line(byte[] series, long value) {
        put(series);
        put(value + "\n");
    }

    /** A line: the series and its value; whole numbers without fraction. */
    void line(byte[] series, double value) {
        put(series);
        put((value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value))
                + "\n");
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
