package io.breakwater.appliance.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The box's own metrics: families by name, their series with names and labels written once, so that a scrape reads numbers
 * and copies.
 *
 * <p><b>Why</b> not the registry that shows what the virtual machine does: 720 of a pair's series tell drops by reason, and
 * the registry took 6.8 ms of a busy core for them (ADR 12).
 *
 * <p><b>Thread:</b> whoever holds the owner's lock.
 */
final class MetricPage {
    private final Map<String, Family> families = new TreeMap<>();

    /** Writes the lines of one or more series. */
    interface Lines {
        void writeTo(MetricText text);
    }

    /** All series of one name. */
    private static final class Family {
        private final byte[] head;
        private final List<Lines> lines = new ArrayList<>();

        private Family(byte[] head) {
            this.head = head;
        }
    }

    /** A number that never goes back; the name ends in {@code _total}. */
    void counter(String name, String help, LongSupplier value, String... labels) {
        byte[] series = MetricText.series(name, labels);
        add(name, "counter", help, text -> text.line(series, value.getAsLong()));
    }

    /** A number that may go up and down. */
    void gauge(String name, String help, DoubleSupplier value, String... labels) {
        byte[] series = MetricText.series(name, labels);
        add(name, "gauge", help, text -> text.line(series, value.getAsDouble()));
    }

    /** Lines that belong to a family; its type and help are those that were given first. */
    void add(String name, String type, String help, Lines lines) {
        families.computeIfAbsent(name, n -> new Family(MetricText.head(n, type, help)))
                .lines
                .add(lines);
    }

    void writeTo(MetricText text) {
        for (Family family : families.values()) {
            text.put(family.head);
            for (Lines lines : family.lines) {
                lines.writeTo(text);
            }
        }
    }
}
