package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory from {@code mmap(2)}; unmapped when its arena closes.
 *
 * <p>A read after that throws instead of ending the process: the arena is shared, and every access checks it.
 */
final class MappedMemory {
    private static final int PROT_READ_WRITE = 3; // asm-generic/mman-common.h
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;
    private static final int MADV_HUGEPAGE = 14;

    private static final long HUGE_PAGE_BYTES = 2 << 20;
    private static final long PAGE_BYTES = 4096;

    private MappedMemory() {}

    /**
     * Zeroed memory of this process alone, every page there from the start, in pages of 2 MiB if the kernel has them to
     * spare (/sys/kernel/mm/transparent_hugepage/enabled): one look-up of an address serves a thousand frames.
     */
    static MemorySegment anonymous(Arena arena, long bytes) throws ErrnoException {
        MemorySegment roomy = map(arena, bytes + HUGE_PAGE_BYTES, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        MemorySegment memory = roomy.asSlice(-roomy.address() & HUGE_PAGE_BYTES - 1, bytes);
        new Libc().madvise(memory.address(), bytes, MADV_HUGEPAGE);
        for (long page = 0; page < bytes; page += PAGE_BYTES) {
            memory.set(JAVA_BYTE, page, (byte) 0);
        }
        return memory;
    }

    /** Memory that the kernel shares through a file descriptor. */
    static MemorySegment shared(Arena arena, long bytes, int fd, long offset) throws ErrnoException {
        return map(arena, bytes, MAP_SHARED | MAP_POPULATE, fd, offset);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment map(Arena arena, long bytes, int flags, int fd, long offset) throws ErrnoException {
        Libc libc = new Libc();
        long address = libc.mmap(bytes, PROT_READ_WRITE, flags, fd, offset);
        if (address == -1) {
            throw new ErrnoException("mmap of " + bytes + " bytes", libc.errno());
        }
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, arena, memory -> new Libc().munmap(memory.address(), bytes));
    }
}
