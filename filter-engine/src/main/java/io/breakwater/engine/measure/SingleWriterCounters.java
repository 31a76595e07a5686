package io.breakwater.engine.measure;

import io.breakwater.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of counters that one thread adds to and any thread reads.
 *
 * <p><b>Thread:</b> {@link #add} by the owner alone: a plain read and an opaque write, no locked instruction. {@link
 * #get} by anyone: sees every count the owner made before its last write, some time later, and never half a number.
 */
public final class SingleWriterCounters {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells;

    /** So many counters, all 0. */
    public SingleWriterCounters(int count) {
        this.cells = new long[count];
    }

    /** Adds to a counter. */
    @HotPath
    public void add(int index, long delta) {
        CELLS.setOpaque(cells, index, cells[index] + delta);
    }

    /** The counter's value. */
    public long get(int index) {
        return (long) CELLS.getOpaque(cells, index);
    }

    /** The sum of all counters from {@code first} on. */
    public long sumFrom(int first) {
        long sum = 0;
        for (int i = first; i < cells.length; i++) {
            sum += get(i);
        }
        return sum;
    }
}
