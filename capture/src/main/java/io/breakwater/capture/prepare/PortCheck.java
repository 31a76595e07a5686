package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.xdp.XdpObstacle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at one port for what would let traffic round the filter, or break it. Changes nothing. */
final class PortCheck {
    private static final Pattern MASTER = Pattern.compile(" master (\\S+)");

    private final String port;
    private final List<Finding> found = new ArrayList<>();

    PortCheck(String port) {
        this.port = port;
    }

    /** What was found; the first ones are not the worst ones. */
    List<Finding> check(boolean xdp) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            if (link.index() == LinkProbe.NONE) {
                found.add(misnamed("port " + port + ": no such interface; there are: "
                        + String.join(", ", LinkProbe.interfaceNames())));
                return found;
            }
            if (xdp) {
                checkXdp(link);
            }
        }
        String described = PortAddress.describe(port);
        checkMaster(described);
        checkAddresses(PortAddress.parse(described));
        return found;
    }

    /** What an AF_XDP port refuses when it is opened, said before anything is changed. */
    private void checkXdp(LinkProbe link) {
        for (XdpObstacle obstacle : XdpObstacle.of(port, link)) {
            found.add(Finding.problem(obstacle.id(), obstacle.what(), obstacle.mend(), XdpObstacle.OTHERWISE));
        }
    }

    private void checkMaster(String described) {
        Matcher master = MASTER.matcher(described);
        if (master.find()) {
            found.add(Finding.problem(
                    "master",
                    "port " + port + " belongs to " + master.group(1) + ", which would carry traffic round the filter",
                    "ip link set dev " + port + " nomaster"));
        }
        if (described.contains("<LOOPBACK")) {
            found.add(misnamed("port " + port + " is the loopback interface: choose a network card"));
        }
    }

    /** A port's name that cannot be right on this box. */
    static Finding misnamed(String problem) {
        return new Finding(Finding.Level.MISNAMED, "port", problem, List.of(), false);
    }

    private void checkAddresses(List<PortAddress> addresses) throws IOException {
        for (PortAddress address : addresses) {
            String family = address.isIpv6() ? "ipv6" : "ipv4";
            boolean linkLocal = address.isIpv6() && address.prefix().startsWith("fe80:");
            if (linkLocal) {
                continue;
            }
            if (forwards(family, port)) {
                found.add(Finding.problem(
                        "address",
                        "port " + port + " has address " + address.prefix() + " and the box routes " + family
                                + ", so traffic would go round the filter",
                        "ip addr del " + address.prefix() + " dev " + port,
                        "sysctl -w net." + family + ".conf." + sysctlName(port) + ".forwarding=0"));
            } else {
                found.add(Finding.warning(
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
}
