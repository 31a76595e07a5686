package io.breakwater.bench.wire;

import java.io.IOException;

/** A device that forwards now, until it is closed. */
interface Running extends AutoCloseable {
    /** What {@link #pid} answers when the kernel alone does the work. */
    long NO_PROCESS = -1;

    /** Its process. */
    default long pid() {
        return NO_PROCESS;
    }

    /** Fails, with its last words, if it has ended before its time. */
    default void requireAlive() throws IOException {}

    @Override
    void close() throws IOException;
}
