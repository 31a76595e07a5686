package io.breakwater.engine.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Which tables one lane has, and what they tell. Evictions of a table that a reload replaced stay counted, so that
 * totals never go back.
 *
 * <p><b>Thread:</b> control threads; synchronized.
 */
final class TableLedger {
    private final Map<String, Long> evictedBefore = new HashMap<>();
    private List<Table> tables = List.of();

    /**
     * One table in use.
     *
     * @param name of the limit, or what else it serves
     * @param evictions keys that had to make room, of this table alone
     * @param entries keys held
     * @param namesSources whether each key names a source
     * @param capacity keys that it has room for
     * @param memoryBytes size, from the start and for good
     */
    record Table(
            String name,
            LongSupplier evictions,
            LongSupplier entries,
            boolean namesSources,
            long capacity,
            long memoryBytes) {}

    /**
     * The tables of a new chain take the place of those of the last one, before it is in force: a table that was not
     * handed on has evicted nothing yet.
     */
    synchronized void replace(List<Table> inUse) {
        Map<String, Long> totals = new HashMap<>();
        names().forEach(name -> totals.put(name, evictions(name)));
        tables = List.copyOf(inUse);
        totals.forEach((name, total) -> evictedBefore.put(name, Math.max(0, total - live(name))));
    }

    /** Every table that there is or was. */
    synchronized Set<String> names() {
        Set<String> names = new TreeSet<>(evictedBefore.keySet());
        tables.forEach(table -> names.add(table.name()));
        return names;
    }

    synchronized long evictions(String name) {
        return evictedBefore.getOrDefault(name, 0L) + live(name);
    }

    private long live(String name) {
        long sum = 0;
        for (Table table : tables) {
            sum += table.name().equals(name) ? table.evictions().getAsLong() : 0;
        }
        return sum;
    }

    synchronized long sources() {
        return tables.stream()
                .filter(Table::namesSources)
                .mapToLong(table -> table.entries().getAsLong())
                .sum();
    }

    /** How full the fullest table of this name is, 0 to 1; 0 when there is none any more. */
    synchronized double fill(String name) {
        double fullest = 0;
        for (Table table : tables) {
            if (table.name().equals(name)) {
                fullest = Math.max(fullest, table.entries().getAsLong() / (double) table.capacity());
            }
        }
        return fullest;
    }

    synchronized long memoryBytes() {
        return tables.stream().mapToLong(Table::memoryBytes).sum();
    }
}
