package io.breakwater.bench.nativeaccess;

import io.breakwater.capture.nativeaccess.BpfCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Memory that eBPF programs and this process share: an array map of one value, mapped.
 *
 * <p><b>Thread:</b> any may read; what is written to it must be aligned longs.
 */
public final class BpfArray implements AutoCloseable {
    private static final int BPF_MAP_TYPE_ARRAY = 2; // linux/bpf.h
    private static final int BPF_F_MMAPABLE = 1 << 10;
    private static final int PROT_READ_WRITE = 3; // asm-generic/mman-common.h
    private static final int MAP_SHARED = 1;
    private static final int PAGE_BYTES = 4_096;

    private final SystemCalls calls = new SystemCalls();
    private final int fd;
    private final MemorySegment memory;
    private boolean closed;

    /** @throws IOException without CAP_BPF, or on a kernel before 5.5 */
    public BpfArray(int bytes) throws IOException {
        int whole = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        fd = BpfCalls.createMap(BPF_MAP_TYPE_ARRAY, "bench", Integer.BYTES, whole, 1, BPF_F_MMAPABLE);
        memory = calls.mmap(fd, whole, PROT_READ_WRITE, MAP_SHARED);
    }

    /** For {@link io.breakwater.capture.bpf.Assembler#mapValue}. */
    public int fd() {
        return fd;
    }

    /** The value, as long as this is open. */
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.munmap(memory);
            calls.close(fd);
        }
    }
}
