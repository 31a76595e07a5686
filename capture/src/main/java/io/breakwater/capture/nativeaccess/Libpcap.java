package io.breakwater.capture.nativeaccess;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** The functions of libpcap that pcap4j does not offer, or not without an object per frame. */
final class Libpcap {
    /** Debian's name first, then that of other distributions. */
    private static final List<String> NAMES = List.of("libpcap.so.0.8", "libpcap.so.1", "libpcap.so");

    private static final Optional<SymbolLookup> LIBRARY = load();

    private Libpcap() {}

    static boolean isAvailable() {
        return LIBRARY.isPresent();
    }

    /** {@code pcap_next_ex}: 1 and where the frame is, 0 for nothing, below 0 for an error. */
    static int nextEx(long pcap, MemorySegment headerOut, MemorySegment dataOut) {
        try {
            return (int) Calls.NEXT_EX.invokeExact(pcap, headerOut, dataOut);
        } catch (Throwable t) {
            throw Libc.failed(t);
        }
    }

    /** {@code pcap_get_selectable_fd}. */
    static int selectableFd(long pcap) {
        try {
            return (int) Calls.SELECTABLE_FD.invokeExact(pcap);
        } catch (Throwable t) {
            throw Libc.failed(t);
        }
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> load() {
        for (String name : NAMES) {
            try {
                return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
            } catch (IllegalArgumentException notUnderThisName) {
                // The next name is tried.
            }
        }
        return Optional.empty();
    }

    /** Resolved on first use, so that a box without libpcap gets an answer and no linkage error. */
    private static final class Calls {
        static final MethodHandle NEXT_EX =
                function("pcap_next_ex", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
        static final MethodHandle SELECTABLE_FD =
                function("pcap_get_selectable_fd", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor type) {
            return Linker.nativeLinker().downcallHandle(LIBRARY.orElseThrow().findOrThrow(name), type);
        }
    }
}
