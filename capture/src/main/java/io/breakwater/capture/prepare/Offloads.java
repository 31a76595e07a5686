package io.breakwater.capture.prepare;

import io.breakwater.capture.privilege.Command;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a card does to frames behind the filter's back: joins them beyond the MTU, or leaves checksums unfinished.
 *
 * <p>For libpcap rxvlan is left alone: the kernel keeps the tag that the card takes off, and libpcap puts it back. AF_XDP
 * would lose it, so there the card must leave both kinds of tag in the frame.
 */
final class Offloads {
    /** Lines of {@code ethtool -k} that make frames larger than the MTU, and what {@code -K} calls them. */
    private static final Map<String, String> ENLARGING = Map.ofEntries(
            Map.entry("generic-receive-offload", "gro"),
            Map.entry("large-receive-offload", "lro"),
            Map.entry("rx-gro-hw", "rx-gro-hw"),
            Map.entry("rx-gro-list", "rx-gro-list"),
            Map.entry("rx-udp-gro-forwarding", "rx-udp-gro-forwarding"),
            Map.entry("generic-segmentation-offload", "gso"),
            Map.entry("tx-tcp-segmentation", "tx-tcp-segmentation"),
            Map.entry("tx-tcp-ecn-segmentation", "tx-tcp-ecn-segmentation"),
            Map.entry("tx-tcp-mangleid-segmentation", "tx-tcp-mangleid-segmentation"),
            Map.entry("tx-tcp6-segmentation", "tx-tcp6-segmentation"),
            Map.entry("tx-tcp-accecn-segmentation", "tx-tcp-accecn-segmentation"),
            Map.entry("tx-udp-segmentation", "tx-udp-segmentation"),
            Map.entry("tx-sctp-segmentation", "tx-sctp-segmentation"),
            Map.entry("tx-gso-list", "tx-gso-list"));

    /** Lines of {@code ethtool -k} whose features leave checksums to somebody else. */
    private static final Map<String, String> CHECKSUMS = Map.of(
            "rx-checksumming", "rx",
            "tx-checksum-ipv4", "tx-checksum-ipv4",
            "tx-checksum-ip-generic", "tx-checksum-ip-generic",
            "tx-checksum-ipv6", "tx-checksum-ipv6",
            "tx-checksum-sctp", "tx-checksum-sctp");

    /** Lines of {@code ethtool -k} whose features take VLAN tags (802.1Q, 802.1ad) out of frames. */
    private static final Map<String, String> TAGS =
            Map.of("rx-vlan-offload", "rxvlan", "rx-vlan-stag-hw-parse", "rx-vlan-stag-hw-parse");

    /** What joins frames in the card, by its {@code -K} name. The kernel keeps these off bridges and routers too. */
    private static final List<String> JOINING = List.of("lro", "rx-gro-hw");

    private Offloads() {}

    /**
     * One line of {@code ethtool -k}.
     *
     * @param on whether it works now
     * @param wanted whether somebody asked for it; differs from {@code on} while another feature is missing
     * @param fixed whether the driver forbids a change
     */
    record Feature(boolean on, boolean wanted, boolean fixed) {}

    /** Features of a port, by the name that {@code ethtool -k} prints. */
    static Map<String, Feature> parse(String ethtoolOutput) {
        Map<String, Feature> features = new TreeMap<>();
        for (String line : ethtoolOutput.lines().toList()) {
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1).strip();
            if (value.startsWith("on") || value.startsWith("off")) {
                boolean on = value.startsWith("on");
                boolean wanted = value.contains("[requested on]") || on && !value.contains("[requested off]");
                features.put(line.substring(0, colon).strip(), new Feature(on, wanted, value.contains("[fixed]")));
            }
        }
        return features;
    }

    /** What must be given back: the {@code -K} names of all features that a preparation may change, as wanted now. */
    static SortedMap<String, String> originals(String port, boolean xdp) throws IOException {
        SortedMap<String, String> originals = new TreeMap<>();
        Map<String, Feature> now = query(port);
        collect(now, ENLARGING, originals);
        collect(now, CHECKSUMS, originals);
        if (xdp) {
            collect(now, TAGS, originals);
        }
        return originals;
    }

    /**
     * Switches off everything that a driver lets be switched off.
     *
     * @return warnings about what stays on and does no harm to most traffic
     * @throws PreparationException if a feature that makes frames larger than the MTU, or for AF_XDP takes tags, stays on
     */
    static List<String> switchOff(String port, SortedMap<String, String> originals, boolean xdp) throws IOException {
        SortedMap<String, String> off = new TreeMap<>(originals);
        off.replaceAll((feature, value) -> "off");
        Command.Result result = ProcessPrivileges.get().setOffloads(port, off);
        Map<String, Feature> now = query(port);
        List<String> enlarging = stillOn(now, ENLARGING);
        if (!enlarging.isEmpty()) {
            throw new PreparationException("port " + port + ": cannot switch off " + String.join(", ", enlarging) + " ("
                    + result.summary() + "), which make frames larger than the MTU: use another card or driver");
        }
        List<String> tags = xdp ? stillOn(now, TAGS) : List.of();
        if (!tags.isEmpty()) {
            throw new PreparationException("port " + port + ": cannot switch off " + String.join(", ", tags) + " ("
                    + result.summary() + "), so AF_XDP would lose VLAN tags: use backend: pcap");
        }
        List<String> unfinished = stillOn(now, CHECKSUMS);
        return unfinished.isEmpty()
                ? List.of()
                : List.of(
                        "port " + port + ": " + String.join(", ", unfinished) + " stays on: frames from virtual"
                                + " machines on the same host may carry unfinished checksums: switch tx checksumming off there");
    }

    /** Features that make frames larger than the MTU and that the driver does not let be switched off. */
    static List<String> stuck(String port) throws IOException {
        Map<String, Feature> now = query(port);
        return stillOn(now, ENLARGING).stream()
                .filter(line -> now.containsKey(line) && now.get(line).fixed())
                .toList();
    }

    /** Gives every feature back what was asked for it; a driver that refuses one still gets the others. */
    static void giveBack(String port, SortedMap<String, String> originals) throws IOException {
        ProcessPrivileges.get().setOffloads(port, originals);
    }

    /** The same without features that no card may have whose frames are sent on by another. */
    static void giveBackButJoining(String port, SortedMap<String, String> originals) throws IOException {
        TreeMap<String, String> harmless = new TreeMap<>(originals);
        JOINING.forEach(harmless::remove);
        giveBack(port, harmless);
    }

    private static Map<String, Feature> query(String port) throws IOException {
        Command.Result result = Command.run("ethtool", "-k", port);
        if (!result.isOk()) {
            throw new PreparationException("port " + port + ": ethtool -k failed: " + result.summary());
        }
        return parse(result.output());
    }

    private static void collect(
            Map<String, Feature> now, Map<String, String> names, SortedMap<String, String> originals) {
        names.forEach((line, change) -> {
            Feature feature = now.get(line);
            if (feature != null && !feature.fixed()) {
                originals.put(change, feature.wanted() ? "on" : "off");
            }
        });
    }

    private static List<String> stillOn(Map<String, Feature> now, Map<String, String> names) {
        List<String> on = new ArrayList<>();
        for (String line : new TreeSet<>(names.keySet())) {
            Feature feature = now.get(line);
            if (feature != null && feature.on()) {
                on.add(line);
            }
        }
        return on;
    }
}
