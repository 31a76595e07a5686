package io.breakwater.capture.privilege;

import io.breakwater.capture.nativeaccess.BpfCalls;
import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.XskSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What this process may do itself. */
public final class OwnPrivileges implements Privileges {
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf");
    private static final String EFFECTIVE = "CapEff:";

    /** A process may do what the kernel lets it. */
    @Override
    public void confineTo(List<String> ports) {
        // nothing to be confined from
    }

    @Override
    public long capabilities() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(EFFECTIVE)) {
                return Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16);
            }
        }
        return -1; // the kernel does not tell: what is missing shows later
    }

    @Override
    public void redirect(String port, String to) throws IOException {
        Ingress.redirect(port, to);
    }

    @Override
    public void redirectAgain(String port, String to) throws IOException {
        Ingress.redirectAgain(port, to);
    }

    @Override
    public void drop(String port) throws IOException {
        Ingress.drop(port);
    }

    @Override
    public void dropFirst(String port) throws IOException {
        Ingress.dropFirst(port);
    }

    @Override
    public void dropNoMore(String port) throws IOException {
        Ingress.dropNoMore(port);
    }

    @Override
    public void clearIngress(String port, boolean hadIngress) throws IOException {
        Ingress.clear(port, hadIngress);
    }

    @Override
    public Command.Result setOffloads(String port, SortedMap<String, String> features) throws IOException {
        if (features.isEmpty()) {
            return new Command.Result(0, "");
        }
        List<String> words = new ArrayList<>(List.of("ethtool", "-K", port));
        features.forEach((feature, value) -> {
            words.add(feature);
            words.add(value);
        });
        return Command.run(words.toArray(String[]::new));
    }

    @Override
    public void setIpv6Disabled(String port, String value) throws IOException {
        String now = ipv6Disabled(port);
        // A container may see what is right already, but not write it.
        if (now.isEmpty() || now.equals(value)) {
            return;
        }
        Path file = ipv6File(port);
        try {
            Files.writeString(file, value);
        } catch (IOException e) {
            throw new IOException(
                    "port " + port + ": cannot write " + file
                            + ": run with sudo, and in a container with /proc/sys writable (podman: --security-opt unmask=/proc/sys)",
                    e);
        }
    }

    /** The sysctl's value, empty if the kernel has no IPv6. */
    public static String ipv6Disabled(String port) throws IOException {
        Path file = ipv6File(port);
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private static Path ipv6File(String port) {
        return IPV6.resolve(port).resolve("disable_ipv6");
    }

    @Override
    public void addAddress(String port, String prefix) throws IOException {
        Command.run("ip", "-6", "addr", "replace", prefix, "dev", port);
    }

    @Override
    public void setAdminUp(String port, boolean up) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            link.setAdminUp(up);
        }
    }

    @Override
    public void setPromiscuous(String port, boolean all) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            link.setPromiscuous(all);
        }
    }

    @Override
    public int createMap(int type, String name, int keyBytes, int valueBytes, int maxEntries, int flags)
            throws IOException {
        return BpfCalls.createMap(type, name, keyBytes, valueBytes, maxEntries, flags);
    }

    @Override
    public int loadProgram(int type, int attachType, String name, long[] instructions) throws IOException {
        return BpfCalls.loadProgram(type, attachType, name, instructions);
    }

    @Override
    public String verifierLog(int type, int attachType, String name, long[] instructions) {
        return BpfCalls.verifierLog(type, attachType, name, instructions);
    }

    @Override
    public void growSendBuffer(int socket) {
        XskSocket.growSendBuffer(socket);
    }
}
