package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Keeps threads on one core ({@code sched_setaffinity(2)}). */
public final class CpuAffinity {
    /** Cores that a mask has room for, as glibc's cpu_set_t. */
    public static final int MAX_CPUS = 1024;

    private CpuAffinity() {}

    /**
     * Lets the calling thread run on this core only.
     *
     * @param cpu from 0 to {@link #MAX_CPUS} - 1
     * @throws ErrnoException if there is no such core, or this process may not use it
     */
    public static void pin(int cpu) throws ErrnoException {
        Libc libc = new Libc();
        try (Arena call = Arena.ofConfined()) {
            MemorySegment mask = call.allocate(MAX_CPUS / 8, 8);
            mask.set(JAVA_BYTE, cpu / 8, (byte) (1 << cpu % 8));
            if (libc.schedSetaffinity(mask) < 0) {
                throw new ErrnoException("core " + cpu, libc.errno());
            }
        }
    }
}
