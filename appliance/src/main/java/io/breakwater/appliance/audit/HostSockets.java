package io.breakwater.appliance.audit;

import io.breakwater.engine.policy.Addresses;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The listening sockets of this network namespace, from {@code /proc} (proc_net_tcp.rst, proc(5)). */
final class HostSockets {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A"; // TCP_LISTEN, net/tcp_states.h
    private static final String UNCONNECTED = "07"; // TCP_CLOSE: a UDP socket that takes datagrams from anyone

    private HostSockets() {}

    /** A line of {@code /proc/net}, and the inode that leads to its process. */
    record Entry(HostSocket socket, String inode) {}

    static List<HostSocket> listening() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String table : List.of("udp", "udp6", "tcp", "tcp6")) {
            Path file = PROC.resolve("net").resolve(table);
            if (Files.exists(file)) {
                entries.addAll(parse(table, Files.readAllLines(file)));
            }
        }
        Map<String, Holder> holders = entries.isEmpty() ? Map.of() : holders();
        List<HostSocket> sockets = new ArrayList<>();
        for (Entry entry : entries) {
            Holder holder = holders.getOrDefault(entry.inode, new Holder("", 0));
            HostSocket socket = entry.socket;
            sockets.add(new HostSocket(
                    socket.udp(), socket.ipv4(), socket.address(), socket.port(), holder.process, holder.pid));
        }
        return sockets;
    }

    /** Lines that are not as the kernel writes them are passed over. */
    static List<Entry> parse(String table, List<String> lines) {
        boolean udp = table.startsWith("udp");
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.strip().split("\\s+");
            if (cells.length >= 10 && cells[3].equalsIgnoreCase(udp ? UNCONNECTED : LISTENING)) {
                try {
                    entries.add(new Entry(socket(udp, cells[1]), cells[9]));
                } catch (IllegalArgumentException | IndexOutOfBoundsException notTheKernels) {
                    // Passed over.
                }
            }
        }
        return entries;
    }

    /** {@code 0100007F:2BCB}: an address as words of the machine's byte order, and a port. */
    private static HostSocket socket(boolean udp, String local) {
        int colon = local.indexOf(':');
        String hex = local.substring(0, colon);
        if (hex.length() != 8 && hex.length() != 32) {
            throw new IllegalArgumentException(local);
        }
        boolean ipv4 = hex.length() == 8;
        long hi = ipv4 ? 0 : word(hex, 0) << 32 | word(hex, 8);
        long lo = ipv4 ? word(hex, 0) : word(hex, 16) << 32 | word(hex, 24);
        String address = hi == 0 && lo == 0 ? "*" : Addresses.format(ipv4, hi, lo);
        return new HostSocket(udp, ipv4, address, Integer.parseInt(local.substring(colon + 1), 16), "", 0);
    }

    private static long word(String hex, int from) {
        int value = Integer.parseUnsignedInt(hex.substring(from, from + 8), 16);
        return (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(value) : value)
                & 0xffff_ffffL;
    }

    private record Holder(String process, long pid) {}

    /** Processes by the inodes of their sockets; those of other users stay unknown without root. */
    private static Map<String, Holder> holders() throws IOException {
        Map<String, Holder> holders = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                addSocketsOf(process, holders);
            }
        }
        return holders;
    }

    private static void addSocketsOf(Path process, Map<String, Holder> holders) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            String name = Printable.shortened(
                    Files.readString(process.resolve("comm")).strip());
            Holder holder =
                    new Holder(name, Long.parseLong(process.getFileName().toString()));
            for (Path file : files) {
                String target = target(file);
                if (target.startsWith("socket:[") && target.endsWith("]")) {
                    holders.put(target.substring("socket:[".length(), target.length() - 1), holder);
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException gone) {
            // It ended meanwhile, or belongs to somebody else.
        }
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
