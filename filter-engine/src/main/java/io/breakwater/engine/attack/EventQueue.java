package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Carries fixed-size records of longs from one thread to another, in order, in a fixed amount of memory. A full queue
 * refuses: the producer never waits.
 *
 * <p><b>Thread:</b> {@link #tryClaim} and {@link #publish} by one thread, {@link #peek} and {@link #release} by another: the
 * filter worker and a control thread, either way round. A record is written before the release store of its number and read after the acquire load.
 */
final class EventQueue {
    static final int NONE = -1;

    private static final VarHandle PUBLISHED;
    private static final VarHandle RELEASED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(EventQueue.class, "published", long.class);
            RELEASED = lookup.findVarHandle(EventQueue.class, "released", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final int recordWords;
    private final long[] words;
    private long published;
    private long released;

    /** @param capacity records, a power of two */
    EventQueue(int capacity, int recordWords) {
        this.capacity = capacity;
        this.recordWords = recordWords;
        this.words = new long[capacity * recordWords];
    }

    /** The memory that records lie in. */
    long[] words() {
        return words;
    }

    /** Where the next record is to be written, or {@link #NONE} if the queue is full. */
    @HotPath
    int tryClaim() {
        boolean full = published - (long) RELEASED.getAcquire(this) == capacity;
        return full ? NONE : offset(published);
    }

    /** Hands over the record that was claimed. */
    @HotPath
    void publish() {
        PUBLISHED.setRelease(this, published + 1);
    }

    /** Where the oldest record is, or {@link #NONE}. */
    @HotPath
    int peek() {
        boolean empty = (long) PUBLISHED.getAcquire(this) == released;
        return empty ? NONE : offset(released);
    }

    /** Gives the oldest record's place back. */
    @HotPath
    void release() {
        RELEASED.setRelease(this, released + 1);
    }

    @HotPath
    private int offset(long record) {
        return (int) (record & capacity - 1) * recordWords;
    }

    long memoryBytes() {
        return Long.BYTES * (long) words.length;
    }
}
