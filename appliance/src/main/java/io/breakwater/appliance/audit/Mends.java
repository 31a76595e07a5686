package io.breakwater.appliance.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The lines that mend a finding, by the tool they are for; any one of the tools is enough. */
final class Mends {
    /** Services that ask others from their own port: what keeps strangers out must let those answers in. */
    private static final Set<String> ASKING = Set.of("ntp", "sip");

    private final String vector;
    private final boolean isAsking;
    private final SortedSet<Integer> udp;
    private final SortedSet<Integer> tcp;

    /** For the ports of a service of this host, or of a target. */
    Mends(String vector, Set<Integer> udp, Set<Integer> tcp) {
        this.vector = vector;
        this.isAsking = ASKING.contains(vector);
        this.udp = new TreeSet<>(udp);
        this.tcp = new TreeSet<>(tcp);
    }

    /** For the service itself, as the caller says, the host's firewall, and Breakwater's guard before it. */
    Map<String, List<String>> lines(String itself) {
        Map<String, List<String>> mends = new LinkedHashMap<>();
        mends.put(vector, List.of(itself));
        // Its own rules let answers in before those of the user (before.rules).
        mends.put("ufw", each("ufw prepend deny in proto %s to any port %d"));
        String notAsked = isAsking ? " -m conntrack ! --ctstate RELATED,ESTABLISHED" : "";
        mends.put(
                "iptables",
                each(
                        "iptables -I INPUT ! -i lo -p %s --dport %d" + notAsked + " -j DROP",
                        "ip6tables -I INPUT ! -i lo -p %s --dport %d" + notAsked + " -j DROP"));
        List<String> nft = new ArrayList<>(List.of(
                "nft add table inet reflectors",
                "nft add chain inet reflectors input '{ type filter hook input priority -10; }'"));
        nft.addAll(each("nft add rule inet reflectors input iifname != lo %s dport %d"
                + (isAsking ? " ct state != '{ established, related }'" : "") + " drop"));
        mends.put("nft", nft);
        mends.put("breakwater", services());
        return mends;
    }

    /** Every format for every port, UDP first. */
    private List<String> each(String... formats) {
        List<String> lines = new ArrayList<>();
        udp.forEach(port -> add(lines, "udp", port, formats));
        tcp.forEach(port -> add(lines, "tcp", port, formats));
        return lines;
    }

    private static void add(List<String> lines, String protocol, int port, String... formats) {
        for (String format : formats) {
            lines.add(String.format(Locale.ROOT, format, protocol, port));
        }
    }

    /** A service has one port, and each its own name. */
    private List<String> services() {
        SortedSet<Integer> ports = new TreeSet<>(udp);
        ports.addAll(tcp);
        List<String> lines = new ArrayList<>(List.of("services:"));
        if (isAsking) {
            lines.add(
                    "  # allow must hold the servers that it asks itself, too: they answer to this port, or it loses them");
        }
        for (int port : ports) {
            String name = port == ports.first() ? vector : vector + "-" + port;
            String protocols = !udp.contains(port) ? "tcp" : tcp.contains(port) ? "udp, tcp" : "udp";
            lines.add("  " + name + ": {port: " + port + ", protocols: [" + protocols
                    + "], allow: []}   # and the prefixes of its clients");
        }
        return lines;
    }

    /** How a settings file keeps memcached to this host. */
    static String memcached(MemcachedSettings settings) {
        return settings.isAssignments()
                ? settings.file() + ": OPTIONS=\"-l 127.0.0.1 -U 0\"; then systemctl restart memcached"
                : settings.file()
                        + ": -l 127.0.0.1 in place of its -l, and a line -U 0; then systemctl restart memcached";
    }
}
