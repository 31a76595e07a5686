package io.breakwater.engine.measure;

import io.breakwater.engine.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Carries fixed-size records of longs from one thread to another, in order, in a fixed amount of memory. A full queue
 * refuses: the producer never waits.
 *
 * <p><b>Thread:</b> {@link #tryClaim} and {@link #publish} by the one producer; {@link #peek} and {@link #release} by one
 * control thread at a time. A record is written before the release store of its number and read after the acquire load.
 */
public final class RecordQueue {
    /** No record, or no room for one. */
    public static final int NONE = -1;

    private static final VarHandle PUBLISHED;
    private static final VarHandle RELEASED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(RecordQueue.class, "published", long.class);
            RELEASED = lookup.findVarHandle(RecordQueue.class, "released", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final int recordWords;
    private final long[] words;
    private long published;
    private long released;

    /**
     * Empty.
     *
     * @param capacity records, a power of two
     * @param recordWords longs of a record
     */
    public RecordQueue(int capacity, int recordWords) {
        this.capacity = capacity;
        this.recordWords = recordWords;
        this.words = new long[capacity * recordWords];
    }

    /** The memory that records lie in. */
    public long[] words() {
        return words;
    }

    /** Where the next record is to be written, or {@link #NONE} if the queue is full. */
    @HotPath
    public int tryClaim() {
        boolean full = published - (long) RELEASED.getAcquire(this) == capacity;
        return full ? NONE : offset(published);
    }

    /** Hands over the record that was claimed. */
    @HotPath
    public void publish() {
        PUBLISHED.setRelease(this, published + 1);
    }

    /** Where the oldest record is, or {@link #NONE}. */
    public int peek() {
        boolean empty = (long) PUBLISHED.getAcquire(this) == released;
        return empty ? NONE : offset(released);
    }

    /** Gives the oldest record's place back. */
    public void release() {
        RELEASED.setRelease(this, released + 1);
    }

    @HotPath
    private int offset(long record) {
        return (int) (record & capacity - 1) * recordWords;
    }

    /** Bytes of all records. */
    public long memoryBytes() {
        return Long.BYTES * (long) words.length;
    }
}
