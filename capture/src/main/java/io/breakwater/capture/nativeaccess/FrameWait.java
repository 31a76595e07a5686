package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sleeps until one of some sockets has a frame. In copy mode the kernel also sends what is left in their TX rings.
 *
 * <p><b>Thread:</b> one owner. <b>Cost:</b> one system call, and a wake-up that costs the sender more than a frame does.
 */
public final class FrameWait implements AutoCloseable {
    private static final int POLLFD_BYTES = 8;
    private static final short POLLIN = 1; // asm-generic/poll.h

    private final Arena arena = Arena.ofShared();
    private final Libc libc = new Libc();
    private final MemorySegment descriptors;
    private final int count;

    /** For the sockets with these file descriptors. */
    public FrameWait(int... fds) {
        count = fds.length;
        descriptors = arena.allocate((long) POLLFD_BYTES * count, 8);
        for (int i = 0; i < count; i++) {
            descriptors.set(JAVA_INT, (long) POLLFD_BYTES * i, fds[i]);
            descriptors.set(JAVA_SHORT, (long) POLLFD_BYTES * i + 4, POLLIN);
        }
    }

    /**
     * Waits for a frame, or until the time is over.
     *
     * @return whether a socket has something to tell: a frame, or an error
     */
    public boolean await(int timeoutMs) {
        return libc.poll(descriptors, count, timeoutMs) > 0;
    }

    /** Whether a socket told of a frame, and not only of an error. */
    public boolean hasFrame() {
        for (int i = 0; i < count; i++) {
            if ((descriptors.get(JAVA_SHORT, (long) POLLFD_BYTES * i + 6) & POLLIN) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
