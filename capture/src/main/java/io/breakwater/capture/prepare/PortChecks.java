package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.xdp.XdpObstacle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for what would let traffic round the filter, or break it. Changes nothing. */
final class PortChecks {
    private static final Pattern MASTER = Pattern.compile(" master (\\S+)");

    private final List<Finding> findings = new ArrayList<>();

    /** Looks at all pairs. */
    void check(List<PortPair> pairs) throws IOException {
        Set<String> seen = new HashSet<>();
        for (PortPair pair : pairs) {
            checkOnce(seen, pair.outside(), pair.xdp());
            checkOnce(seen, pair.inside(), pair.xdp());
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

    private void checkOnce(Set<String> seen, String port, boolean xdp) throws IOException {
        if (!seen.add(port)) {
            misnamed("port " + port + " is used twice: a pair joins two different interfaces");
            return;
        }
        try (LinkProbe link = new LinkProbe(port)) {
            if (link.index() == LinkProbe.NONE) {
                misnamed("port " + port + ": no such interface; there are: "
                        + String.join(", ", LinkProbe.interfaceNames()));
                return;
            }
            if (xdp) {
                checkXdp(port, link);
            }
        }
        checkMaster(port);
        checkAddresses(port);
    }

    /** What an AF_XDP port refuses when it is opened, said before anything is changed. */
    private void checkXdp(String port, LinkProbe link) {
        for (XdpObstacle obstacle : XdpObstacle.of(port, link)) {
            findings.add(Finding.problem(obstacle.id(), obstacle.what(), obstacle.mend(), XdpObstacle.OTHERWISE));
        }
    }

    private void checkMaster(String port) throws IOException {
        String described = Command.run("ip", "-o", "link", "show", "dev", port).output();
        Matcher master = MASTER.matcher(described);
        if (master.find()) {
            findings.add(Finding.problem(
                    "master",
                    "port " + port + " belongs to " + master.group(1) + ", which would carry traffic round the filter",
                    "ip link set dev " + port + " nomaster"));
        }
        if (described.contains("<LOOPBACK")) {
            misnamed("port " + port + " is the loopback interface: choose a network card");
        }
    }

    private void misnamed(String problem) {
        findings.add(new Finding(Finding.Level.MISNAMED, "port", problem, List.of(), false));
    }

    private void checkAddresses(String port) throws IOException {
        for (PortAddress address : PortAddress.of(port)) {
            String family = address.isIpv6() ? "ipv6" : "ipv4";
            boolean linkLocal = address.isIpv6() && address.prefix().startsWith("fe80:");
            if (linkLocal) {
                continue;
            }
            if (forwards(family, port)) {
                findings.add(Finding.problem(
                        "address",
                        "port " + port + " has address " + address.prefix() + " and the box routes " + family
                                + ", so traffic would go round the filter",
                        "ip addr del " + address.prefix() + " dev " + port,
                        "sysctl -w net." + family + ".conf." + sysctlName(port) + ".forwarding=0"));
            } else {
                findings.add(Finding.warning(
                        "address",
                        "port " + port + " has address " + address.prefix()
                                + ": the box does not answer there while Breakwater runs",
                        "ip addr del " + address.prefix() + " dev " + port));
            }
        }
    }

    private static boolean forwards(String family, String port) throws IOException {
        Path file = Path.of("/proc/sys/net", family, "conf", port, "forwarding");
        return Files.exists(file) && !Files.readString(file).strip().equals("0");
    }

    /** Dots of an interface's name are slashes in a sysctl's. */
    private static String sysctlName(String port) {
        return port.replace('.', '/');
    }

    private static int mtuBytes(String port) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            return link.mtuBytes();
        }
    }
}
