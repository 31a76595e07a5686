package io.breakwater.appliance.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;

/** Attacks that began, and the highest rates, by hour and vector. */
final class Hours {
    /** A hundred vectors for six weeks, or ten for more than a year. */
    private static final int MAX_CELLS = 100_000;

    private final SortedMap<Instant, SortedMap<String, Cell>> hours = new TreeMap<>();
    private int cells;

    /** Of one vector in one span of time. */
    static final class Cell {
        long attacks;
        long peakPacketsPerSecond;
        long peakBitsPerSecond;

        void add(Cell other) {
            attacks += other.attacks;
            raise(other.peakPacketsPerSecond, other.peakBitsPerSecond);
        }

        void raise(long packetsPerSecond, long bitsPerSecond) {
            peakPacketsPerSecond = Math.max(peakPacketsPerSecond, packetsPerSecond);
            peakBitsPerSecond = Math.max(peakBitsPerSecond, bitsPerSecond);
        }
    }

    Cell at(Instant time, String vector) {
        SortedMap<String, Cell> hour = hours.computeIfAbsent(time.truncatedTo(ChronoUnit.HOURS), _ -> new TreeMap<>());
        Cell known = hour.get(vector);
        if (known != null) {
            return known;
        }
        if (cells >= MAX_CELLS) {
            throw new IllegalArgumentException("attacks in more hours than a report keeps; narrow --from and --to");
        }
        cells++;
        Cell cell = new Cell();
        hour.put(vector, cell);
        return cell;
    }

    /** By hour and vector. */
    SortedMap<Instant, SortedMap<String, Cell>> byHour() {
        return hours;
    }

    /** By day (UTC) and vector. */
    SortedMap<Instant, SortedMap<String, Cell>> byDay() {
        SortedMap<Instant, SortedMap<String, Cell>> days = new TreeMap<>();
        hours.forEach((hour, vectors) -> {
            SortedMap<String, Cell> day = days.computeIfAbsent(hour.truncatedTo(ChronoUnit.DAYS), _ -> new TreeMap<>());
            vectors.forEach((vector, cell) ->
                    day.computeIfAbsent(vector, _ -> new Cell()).add(cell));
        });
        return days;
    }
}
