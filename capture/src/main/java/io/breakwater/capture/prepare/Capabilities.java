package io.breakwater.capture.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do to network cards. */
final class Capabilities {
    private static final int CAP_NET_ADMIN = 12; // linux/capability.h
    private static final int CAP_NET_RAW = 13;
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {}

    /** @throws PreparationException if it may not receive, send and change cards */
    static void require() throws IOException {
        long needed = 1L << CAP_NET_ADMIN | 1L << CAP_NET_RAW;
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(EFFECTIVE)) {
                long effective = Long.parseUnsignedLong(
                        line.substring(EFFECTIVE.length()).strip(), 16);
                if ((effective & needed) != needed) {
                    throw new PreparationException(
                            "no permission to use network cards: needs CAP_NET_RAW and CAP_NET_ADMIN: run with sudo");
                }
            }
        }
    }
}
