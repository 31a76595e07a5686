package io.breakwater.capture.nativeaccess;

/** Makes threads give way to others ({@code setpriority(2)}, sched(7)). */
public final class CpuPriority {
    /** The nicest of nice values: beside one thread of the usual 0 it leaves a thread a 69th of a core. */
    public static final int LEAST = 19;

    private CpuPriority() {}

    /**
     * Gives the calling platform thread, or the carrier of the calling virtual thread, this nice value; threads that it
     * starts inherit it. An unprivileged process cannot take it back.
     *
     * @param nice 0 to {@link #LEAST}
     * @throws ErrnoException if it is less than the thread has already, and this process may not lower it
     */
    public static void lower(int nice) throws ErrnoException {
        Libc libc = new Libc();
        if (libc.setpriority(nice) < 0) {
            throw new ErrnoException("nice value " + nice, libc.errno());
        }
    }
}
