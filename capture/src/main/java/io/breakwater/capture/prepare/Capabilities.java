package io.breakwater.capture.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this process may do to network cards. */
final class Capabilities {
    private static final int CAP_NET_ADMIN = 12; // linux/capability.h
    private static final int CAP_NET_RAW = 13;
    private static final int CAP_IPC_LOCK = 14;
    private static final int CAP_BPF = 39;
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {}

    /** @throws PreparationException if it may not receive, send and change cards */
    static void require() throws IOException {
        List<Finding> missing = findings(false);
        if (!missing.isEmpty()) {
            throw new PreparationException(missing.getFirst().line());
        }
    }

    /**
     * One finding that names all that is missing, or none.
     *
     * @param xdp whether frames are to cross AF_XDP sockets
     */
    static List<Finding> findings(boolean xdp) throws IOException {
        long effective = effective();
        List<String> missing = new ArrayList<>();
        needed(xdp).forEach((name, bit) -> {
            if ((effective >>> bit & 1) == 0) {
                missing.add(name);
            }
        });
        return missing.isEmpty()
                ? List.of()
                : List.of(Finding.problem(
                        "capabilities",
                        "no permission to use network cards: lacks " + String.join(", ", missing),
                        "run with sudo",
                        "in a systemd unit, AmbientCapabilities="
                                + String.join(" ", needed(xdp).keySet())));
    }

    private static Map<String, Integer> needed(boolean xdp) {
        Map<String, Integer> needed = new LinkedHashMap<>();
        needed.put("CAP_NET_RAW", CAP_NET_RAW);
        needed.put("CAP_NET_ADMIN", CAP_NET_ADMIN);
        if (xdp) {
            needed.put("CAP_BPF", CAP_BPF);
            needed.put("CAP_IPC_LOCK", CAP_IPC_LOCK);
        }
        return needed;
    }

    private static long effective() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(EFFECTIVE)) {
                return Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16);
            }
        }
        return 0;
    }
}
