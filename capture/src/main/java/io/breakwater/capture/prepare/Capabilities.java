package io.breakwater.capture.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do to network cards. */
final class Capabilities {
    private static final int CAP_NET_ADMIN = 12; // linux/capability.h
    private static final int CAP_NET_RAW = 13;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_BPF = 39; // before Linux 5.8 part of CAP_SYS_ADMIN
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {}

    /**
     * Looks before anything is changed.
     *
     * @param xdp whether AF_XDP is used
     * @throws PreparationException if it may not receive, send and change cards
     */
    static void require(boolean xdp) throws IOException {
        long effective = effective();
        if (!has(effective, CAP_NET_ADMIN) || !has(effective, CAP_NET_RAW)) {
            throw new PreparationException(
                    "no permission to use network cards: needs CAP_NET_RAW and CAP_NET_ADMIN: run with sudo");
        }
        if (xdp && !has(effective, CAP_BPF) && !has(effective, CAP_SYS_ADMIN)) {
            throw new PreparationException("no permission for XDP programs: needs CAP_BPF: run with sudo, or add it to"
                    + " AmbientCapabilities= in the unit");
        }
    }

    private static boolean has(long effective, int capability) {
        return (effective & 1L << capability) != 0;
    }

    private static long effective() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(EFFECTIVE)) {
                return Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16);
            }
        }
        return -1; // the kernel does not tell: what is missing shows later
    }
}
