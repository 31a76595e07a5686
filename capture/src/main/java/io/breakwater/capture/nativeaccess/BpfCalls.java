package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The commands of {@code bpf(2)} that a packet filter needs; what they make are file descriptors, which the kernel
 * closes when the process ends, however it ends.
 *
 * <p>Offsets are those of {@code union bpf_attr} (linux/bpf.h). <b>Thread:</b> any. <b>Cost:</b> control path: each call
 * allocates.
 */
public final class BpfCalls {
    /**
     * Descriptors of links that a killed process should let go of before its sockets. <b>Why</b>: the kernel closes what is
     * open from the highest descriptor down (task_work_run), and after each socket and link it waits for the other
     * processors, some 10 to 30 ms: a pair failed open 120 ms after a kill with the order in which things were opened.
     */
    public static final int LET_GO_EARLY = 512;
    /** Descriptors of those that should go before these. */
    public static final int LET_GO_FIRST = 768;

    private static final int F_DUPFD_CLOEXEC = 1030; // linux/fcntl.h

    private static final int MAP_CREATE = 0; // enum bpf_cmd
    private static final int MAP_LOOKUP_ELEM = 1;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int MAP_DELETE_ELEM = 3;
    private static final int MAP_GET_NEXT_KEY = 4;
    private static final int PROG_LOAD = 5;
    private static final int PROG_TEST_RUN = 10;
    private static final int LINK_CREATE = 28;
    private static final int LINK_UPDATE = 29;

    private static final int ATTR_BYTES = 128;
    private static final int NAME_BYTES = 15; // BPF_OBJ_NAME_LEN - 1
    private static final int LOG_BYTES = 1 << 20;
    private static final String LICENCE = "GPL";

    private BpfCalls() {}

    /** What a program answered to frames of a test. */
    public record TestRun(int verdict, long nsPerRun) {}

    /** {@code BPF_MAP_CREATE}: the map's file descriptor. */
    public static int createMap(int type, String name, int keyBytes, int valueBytes, int maxEntries, int flags)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = attr(arena);
            attr.set(JAVA_INT, 0, type);
            attr.set(JAVA_INT, 4, keyBytes);
            attr.set(JAVA_INT, 8, valueBytes);
            attr.set(JAVA_INT, 12, maxEntries);
            attr.set(JAVA_INT, 16, flags);
            putName(attr, 28, name);
            return call("BPF_MAP_CREATE", MAP_CREATE, attr);
        }
    }

    /** {@code BPF_MAP_LOOKUP_ELEM}: fills {@code value}. Whether the key is there. */
    public static boolean lookup(int map, byte[] key, byte[] value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment valueOut = arena.allocate(value.length, 8);
            if (!element(arena, "BPF_MAP_LOOKUP_ELEM", MAP_LOOKUP_ELEM, map, key, valueOut, 0)) {
                return false;
            }
            MemorySegment.copy(valueOut, JAVA_BYTE, 0, value, 0, value.length);
            return true;
        }
    }

    /** {@code BPF_MAP_UPDATE_ELEM}: sets the value of a new or known key. */
    public static void update(int map, byte[] key, byte[] value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment valueIn = copyOf(arena, value);
            if (!element(arena, "BPF_MAP_UPDATE_ELEM", MAP_UPDATE_ELEM, map, key, valueIn, 0)) {
                throw new ErrnoException("BPF_MAP_UPDATE_ELEM", Libc.ENOENT);
            }
        }
    }

    /** {@code BPF_MAP_DELETE_ELEM}. Whether the key was there. */
    public static boolean delete(int map, byte[] key) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return element(arena, "BPF_MAP_DELETE_ELEM", MAP_DELETE_ELEM, map, key, MemorySegment.NULL, 0);
        }
    }

    /** {@code BPF_MAP_GET_NEXT_KEY}: fills {@code next} with the key after {@code key}, or the first. Whether there is one. */
    public static boolean nextKey(int map, byte @Nullable [] key, byte[] next) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = attr(arena);
            MemorySegment nextOut = arena.allocate(next.length, 8);
            attr.set(JAVA_INT, 0, map);
            attr.set(JAVA_LONG, 8, key == null ? 0 : copyOf(arena, key).address());
            attr.set(JAVA_LONG, 16, nextOut.address());
            if (!found("BPF_MAP_GET_NEXT_KEY", MAP_GET_NEXT_KEY, attr)) {
                return false;
            }
            MemorySegment.copy(nextOut, JAVA_BYTE, 0, next, 0, next.length);
            return true;
        }
    }

    /**
     * {@code BPF_PROG_LOAD}: the program's file descriptor.
     *
     * @param instructions of 8 bytes each
     */
    public static int loadProgram(int type, int attachType, String name, long[] instructions) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return call("BPF_PROG_LOAD", PROG_LOAD, loadAttr(arena, type, attachType, name, instructions));
        }
    }

    /** What the verifier says about a program that it refused; empty if it says nothing. */
    public static String verifierLog(int type, int attachType, String name, long[] instructions) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = loadAttr(arena, type, attachType, name, instructions);
            MemorySegment log = arena.allocate(LOG_BYTES, 8);
            attr.set(JAVA_INT, 24, 1); // log_level
            attr.set(JAVA_INT, 28, LOG_BYTES);
            attr.set(JAVA_LONG, 32, log.address());
            Libc libc = new Libc();
            int fd = (int) bpf(libc, PROG_LOAD, attr);
            if (fd >= 0) {
                libc.close(fd);
            }
            return log.getString(0);
        }
    }

    /**
     * {@code BPF_LINK_CREATE} to an interface: the link's file descriptor, which holds the program there.
     *
     * @param leastFd the descriptor is this or higher, if there is room: {@link #LET_GO_EARLY}, {@link #LET_GO_FIRST}
     */
    public static int createLink(int program, int interfaceIndex, int attachType, int flags, int leastFd)
            throws IOException {
        int link = createLink(program, interfaceIndex, attachType, flags);
        Libc libc = new Libc();
        int moved = libc.fcntl(link, F_DUPFD_CLOEXEC, leastFd);
        if (moved < 0) {
            return link;
        }
        libc.close(link);
        return moved;
    }

    private static int createLink(int program, int interfaceIndex, int attachType, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = attr(arena);
            attr.set(JAVA_INT, 0, program);
            attr.set(JAVA_INT, 4, interfaceIndex);
            attr.set(JAVA_INT, 8, attachType);
            attr.set(JAVA_INT, 12, flags);
            return call("BPF_LINK_CREATE", LINK_CREATE, attr);
        }
    }

    /** {@code BPF_LINK_UPDATE}: another program from the next frame on. */
    public static void updateLink(int link, int program) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = attr(arena);
            attr.set(JAVA_INT, 0, link);
            attr.set(JAVA_INT, 4, program);
            call("BPF_LINK_UPDATE", LINK_UPDATE, attr);
        }
    }

    /**
     * {@code BPF_PROG_TEST_RUN}: what a program answers to a frame, run {@code repeat} times.
     *
     * @param frame at least an Ethernet header (14 bytes), at most a page less the kernel's own head and tail room
     */
    public static TestRun testRun(int program, byte[] frame, int repeat) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = attr(arena);
            attr.set(JAVA_INT, 0, program);
            attr.set(JAVA_INT, 8, frame.length);
            attr.set(JAVA_LONG, 16, copyOf(arena, frame).address());
            attr.set(JAVA_INT, 32, repeat);
            call("BPF_PROG_TEST_RUN", PROG_TEST_RUN, attr);
            return new TestRun(attr.get(JAVA_INT, 4), attr.get(JAVA_INT, 36));
        }
    }

    /** Gives a file descriptor back. */
    public static void close(int fd) {
        new Libc().close(fd);
    }

    private static boolean element(
            Arena arena, String name, int command, int map, byte[] key, MemorySegment value, long flags)
            throws IOException {
        MemorySegment attr = attr(arena);
        attr.set(JAVA_INT, 0, map);
        attr.set(JAVA_LONG, 8, copyOf(arena, key).address());
        attr.set(JAVA_LONG, 16, value.address());
        attr.set(JAVA_LONG, 24, flags);
        return found(name, command, attr);
    }

    private static MemorySegment loadAttr(Arena arena, int type, int attachType, String name, long[] instructions) {
        MemorySegment attr = attr(arena);
        attr.set(JAVA_INT, 0, type);
        attr.set(JAVA_INT, 4, instructions.length);
        attr.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_LONG, instructions).address());
        attr.set(JAVA_LONG, 16, arena.allocateFrom(LICENCE).address());
        putName(attr, 48, name);
        attr.set(JAVA_INT, 68, attachType);
        return attr;
    }

    private static MemorySegment attr(Arena arena) {
        return arena.allocate(ATTR_BYTES, 8);
    }

    private static MemorySegment copyOf(Arena arena, byte[] bytes) {
        MemorySegment copy = arena.allocate(Math.max(bytes.length, 1), 8);
        MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    /** The kernel takes letters, digits, '_' and '.' only. */
    private static void putName(MemorySegment attr, long offset, String name) {
        byte[] bytes = name.replaceAll("[^A-Za-z0-9_.]", "_").getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, attr, JAVA_BYTE, offset, Math.min(bytes.length, NAME_BYTES));
    }

    private static boolean found(String name, int command, MemorySegment attr) throws IOException {
        Libc libc = new Libc();
        if (bpf(libc, command, attr) >= 0) {
            return true;
        }
        if (libc.errno() == Libc.ENOENT) {
            return false;
        }
        throw new ErrnoException(name, libc.errno());
    }

    private static int call(String name, int command, MemorySegment attr) throws IOException {
        Libc libc = new Libc();
        long result = bpf(libc, command, attr);
        if (result < 0) {
            throw new ErrnoException(name, libc.errno());
        }
        return (int) result;
    }

    private static long bpf(Libc libc, int command, MemorySegment attr) {
        return libc.syscall(callNumber(), command, attr, ATTR_BYTES);
    }

    /** arch/x86/entry/syscalls/syscall_64.tbl; asm-generic/unistd.h. */
    private static long callNumber() {
        String architecture = System.getProperty("os.arch");
        return switch (architecture) {
            case "amd64", "x86_64" -> 321;
            case "aarch64" -> 280;
            default ->
                throw new UnsupportedOperationException("XDP needs an amd64 or aarch64 box; this is " + architecture);
        };
    }
}
