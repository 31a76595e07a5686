package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The changes to one port, and their undoing. All may be made twice. */
final class PortChanges {
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf");

    private PortChanges() {}

    /** Reads what the port is like now. */
    static PortSettings read(String port, boolean xdp) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            return new PortSettings(
                    port,
                    link.index(),
                    link.isAdminUp(),
                    ipv6Disabled(port),
                    Offloads.originals(port, xdp),
                    staticIpv6Addresses(port));
        }
    }

    /**
     * Offloads off, the box's own stack off the port, the link up.
     *
     * @return warnings
     */
    static List<String> apply(PortSettings before, boolean xdp) throws IOException {
        String port = before.port();
        List<String> warnings = new ArrayList<>(Offloads.switchOff(port, before.features(), xdp));
        isolate(port, before.index());
        writeIpv6Disabled(port, "1");
        try (LinkProbe link = new LinkProbe(port)) {
            link.setAdminUp(true);
        }
        return warnings;
    }

    /** Gives the port back as it was. Does nothing to an interface that is gone, or is another one of that name. */
    static void undo(PortSettings before) throws IOException {
        String port = before.port();
        removeIsolation(before.index());
        try (LinkProbe link = new LinkProbe(port)) {
            if (link.index() != before.index()) {
                return;
            }
            Offloads.giveBack(port, before.features());
            if (!before.ipv6Disabled().isEmpty()) {
                writeIpv6Disabled(port, before.ipv6Disabled());
            }
            link.setAdminUp(before.up());
            for (String address : before.ipv6Addresses()) {
                Command.run("ip", "-6", "addr", "replace", address, "dev", port);
            }
        }
    }

    /**
     * Drops at ingress, behind the tap: libpcap still sees every frame, the kernel's ARP, ND, TCP and routing see none.
     * An nft table of our own does not touch anybody's rules, and tc stays free.
     */
    private static void isolate(String port, int index) throws IOException {
        String table = table(index);
        String rules = "add table netdev " + table + "\n"
                + "delete table netdev " + table + "\n"
                + "table netdev " + table + " {\n"
                + "  chain ingress { type filter hook ingress device \"" + port + "\" priority -500; policy drop; }\n"
                + "}\n";
        Command.Result result = Command.runWithInput(rules, "nft", "-f", "-");
        if (!result.isOk()) {
            throw new PreparationException("port " + port + ": cannot keep the kernel off it: nft: " + result.summary()
                    + ": needs CAP_NET_ADMIN and a kernel with CONFIG_NF_TABLES_NETDEV");
        }
    }

    /** Fails only when there is no such table, for instance because the interface took it along. */
    private static void removeIsolation(int index) throws IOException {
        Command.run("nft", "delete", "table", "netdev", table(index));
    }

    private static String table(int index) {
        return "breakwater_port_" + index;
    }

    private static String ipv6Disabled(String port) throws IOException {
        Path file = ipv6File(port);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static void writeIpv6Disabled(String port, String value) throws IOException {
        Path file = ipv6File(port);
        if (!Files.exists(file)) {
            return;
        }
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new PreparationException("port " + port + ": cannot write " + file + ": run with sudo");
        }
    }

    private static Path ipv6File(String port) {
        return IPV6.resolve(port).resolve("disable_ipv6");
    }

    private static List<String> staticIpv6Addresses(String port) throws IOException {
        List<String> addresses = new ArrayList<>();
        for (PortAddress address : PortAddress.of(port)) {
            if (address.isIpv6() && !address.isTransient()) {
                addresses.add(address.prefix());
            }
        }
        return addresses;
    }
}
