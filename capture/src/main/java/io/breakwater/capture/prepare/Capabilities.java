package io.breakwater.capture.prepare;

import io.breakwater.capture.privilege.OwnPrivileges;
import io.breakwater.capture.privilege.Privileges;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What this process, and the keeper of its rights if it has one, may do to network cards. */
final class Capabilities {
    private static final int CAP_NET_ADMIN = 12; // linux/capability.h
    private static final int CAP_NET_RAW = 13;
    private static final int CAP_IPC_LOCK = 14;
    private static final int CAP_BPF = 39;

    /** Those that a keeper may have instead of this process ({@link Privileges}). */
    private static final Set<Integer> KEPT = Set.of(CAP_NET_ADMIN, CAP_BPF);

    private Capabilities() {}

    /**
     * Looks before anything is changed.
     *
     * @param xdp whether frames are to cross AF_XDP sockets
     * @throws PreparationException if it may not receive, send and change cards
     */
    static void require(boolean xdp) throws IOException {
        List<Finding> missing = findings(xdp);
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
        long own = new OwnPrivileges().capabilities();
        long kept = ProcessPrivileges.get().capabilities();
        List<String> missing = new ArrayList<>();
        needed(xdp).forEach((name, bit) -> {
            if (((KEPT.contains(bit) ? kept : own) >>> bit & 1) == 0) {
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
}
