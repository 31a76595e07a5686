package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks for what would let traffic round the filter, or break it. Changes nothing. */
final class PortChecks {
    private final List<Finding> findings = new ArrayList<>();

    /** Looks at all pairs. */
    void check(List<PortPair> pairs) throws IOException {
        Map<String, Boolean> ports = new LinkedHashMap<>();
        for (PortPair pair : pairs) {
            addOnce(ports, pair.outside(), pair.xdp());
            addOnce(ports, pair.inside(), pair.xdp());
        }
        EachPort.take(ports, (port, xdp) -> new PortCheck(port).check(xdp))
                .values()
                .forEach(findings::addAll);
        for (PortPair pair : pairs) {
            int outside = mtuBytes(pair.outside());
            int inside = mtuBytes(pair.inside());
            if (outside != inside && outside > 0 && inside > 0) {
                findings.add(Finding.safelyMended(
                        "mtu",
                        "ports " + pair.outside() + " and " + pair.inside() + " have different MTUs (" + outside
                                + " and " + inside + "): larger frames are dropped",
                        "ip link set dev " + (outside < inside ? pair.inside() : pair.outside()) + " mtu "
                                + Math.min(outside, inside)));
            }
        }
    }

    /** What was found; the first ones are not the worst ones. */
    List<Finding> findings() {
        return findings;
    }

    /** What forbids the use of these ports, one line each. */
    List<String> problems() {
        return findings.stream()
                .filter(Finding::forbidsStart)
                .map(Finding::line)
                .toList();
    }

    /** Whether a port's name cannot be right on this box. */
    boolean misnamed() {
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.MISNAMED);
    }

    /** What the operator should know, one line each. */
    List<String> warnings() {
        return findings.stream()
                .filter(finding -> !finding.forbidsStart())
                .map(Finding::line)
                .toList();
    }

    private void addOnce(Map<String, Boolean> ports, String port, boolean xdp) {
        if (ports.putIfAbsent(port, xdp) != null) {
            findings.add(PortCheck.misnamed("port " + port + " is used twice: a pair joins two different interfaces"));
        }
    }

    private static int mtuBytes(String port) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            return link.mtuBytes();
        }
    }
}
