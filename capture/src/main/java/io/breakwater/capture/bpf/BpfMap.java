package io.breakwater.capture.bpf;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.ErrnoException;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A table that programs in the kernel and this process share; it goes when both have let go of it.
 *
 * <p>Keys and values are bytes in the machine's own order. <b>Thread:</b> any. <b>Cost:</b> one system call per access.
 */
public final class BpfMap implements AutoCloseable {
    private static final int ARRAY = 2; // enum bpf_map_type, linux/bpf.h
    private static final int PER_CPU_ARRAY = 6;
    private static final int LRU_PER_CPU_HASH = 10;
    private static final int LPM_TRIE = 11;
    private static final int XSKMAP = 17;
    private static final int NO_PREALLOCATION = 1; // BPF_F_NO_PREALLOC: a trie takes no other

    private static final int CLOSED = -1;

    private final int valueBytes;
    private volatile int fd;

    private BpfMap(int fd, int valueBytes) {
        this.fd = fd;
        this.valueBytes = valueBytes;
    }

    /** Values by index, all zero at first. */
    public static BpfMap array(String name, int entries, int valueBytes) throws IOException {
        return create(ARRAY, name, Integer.BYTES, valueBytes, entries, 0, valueBytes);
    }

    /** Values by index, a copy for each processor; {@link #get} answers all copies in a row. */
    public static BpfMap perCpuArray(String name, int entries, int valueBytes) throws IOException {
        int padded = valueBytes + 7 & ~7;
        return create(PER_CPU_ARRAY, name, Integer.BYTES, valueBytes, entries, 0, padded * possibleProcessors());
    }

    /** Values by prefix: a key is its length in bits (4 bytes), then the address; lookups find the longest. */
    public static BpfMap lpmTrie(String name, int entries, int addressBytes, int valueBytes) throws IOException {
        return create(LPM_TRIE, name, 4 + addressBytes, valueBytes, entries, NO_PREALLOCATION, valueBytes);
    }

    /** Values by key, a copy for each processor; when full, keys not used lately make room. */
    public static BpfMap lruPerCpuHash(String name, int entries, int keyBytes, int valueBytes) throws IOException {
        int padded = valueBytes + 7 & ~7;
        return create(LRU_PER_CPU_HASH, name, keyBytes, valueBytes, entries, 0, padded * possibleProcessors());
    }

    /** AF_XDP sockets by receive queue. */
    public static BpfMap sockets(String name, int queues) throws IOException {
        return create(XSKMAP, name, Integer.BYTES, Integer.BYTES, queues, 0, Integer.BYTES);
    }

    private static BpfMap create(
            int type, String name, int keyBytes, int valueBytes, int entries, int flags, int userValueBytes)
            throws IOException {
        try {
            return new BpfMap(
                    ProcessPrivileges.get().createMap(type, name, keyBytes, valueBytes, entries, flags),
                    userValueBytes);
        } catch (ErrnoException e) {
            throw BpfException.of("a table for XDP (" + name + ")", e);
        } catch (LinkageError | IllegalCallerException e) {
            throw BpfException.nativeAccessDenied(e);
        }
    }

    int fd() {
        return fd;
    }

    /**
     * The value of a key, or null if there is none. Of a per-CPU map, one value after the other, each on a multiple of
     * 8 bytes.
     *
     * @throws IOException also once it is closed
     */
    public synchronized @Nullable ByteBuffer get(byte[] key) throws IOException {
        byte[] value = new byte[valueBytes];
        return BpfCalls.lookup(fd, key, value) ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()) : null;
    }

    /** Sets the value of a key. */
    public synchronized void put(byte[] key, byte[] value) throws IOException {
        BpfCalls.update(fd, key, value);
    }

    /** Whether the key was there. */
    public synchronized boolean remove(byte[] key) throws IOException {
        return BpfCalls.delete(fd, key);
    }

    /** The key after this one, or the first; null at the end. The order is the kernel's. */
    public synchronized byte @Nullable [] nextKey(byte @Nullable [] key, int keyBytes) throws IOException {
        byte[] next = new byte[keyBytes];
        return BpfCalls.nextKey(fd, key, next) ? next : null;
    }

    /** The key or value that is one number of 32 bits. */
    public static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    /** Processors that this machine can ever have: a per-CPU map has a value for each. */
    static int possibleProcessors() throws IOException {
        String ranges =
                Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip(); // "0-3" or "0,2-3"
        int last =
                ranges.lastIndexOf('-') > ranges.lastIndexOf(',') ? ranges.lastIndexOf('-') : ranges.lastIndexOf(',');
        return Integer.parseInt(ranges, last + 1, ranges.length(), 10) + 1;
    }

    @Override
    public synchronized void close() {
        int open = fd;
        fd = CLOSED;
        if (open != CLOSED) {
            BpfCalls.close(open);
        }
    }
}
