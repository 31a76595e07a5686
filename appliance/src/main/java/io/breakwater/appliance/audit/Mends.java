package io.breakwater.appliance.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The lines that mend a finding, by the tool they are for; any one of the tools is enough. */
final class Mends {
    private Mends() {}

    /** For a service of this host or of {@code target}: itself, the host's firewall, and Breakwater's guard before it. */
    static Map<String, List<String>> of(String vector, int port, Set<String> protocols, String itself) {
        Set<String> sorted = new TreeSet<>(protocols).descendingSet();
        Map<String, List<String>> mends = new LinkedHashMap<>();
        mends.put(vector, List.of(itself));
        mends.put("ufw", lines(sorted, "ufw prepend deny in proto %s to any port " + port));
        mends.put(
                "iptables",
                sorted.stream()
                        .flatMap(protocol -> List.of("iptables", "ip6tables").stream()
                                .map(program ->
                                        program + " -I INPUT ! -i lo -p " + protocol + " --dport " + port + " -j DROP"))
                        .toList());
        List<String> nft = new java.util.ArrayList<>(List.of(
                "nft add table inet reflectors",
                "nft add chain inet reflectors input '{ type filter hook input priority -10; }'"));
        nft.addAll(lines(sorted, "nft add rule inet reflectors input iifname != lo %s dport " + port + " drop"));
        mends.put("nft", nft);
        mends.put(
                "breakwater",
                List.of(
                        "services:",
                        "  " + vector + ": {port: " + port + ", protocols: ["
                                + sorted.stream().collect(Collectors.joining(", "))
                                + "], allow: []}   # and the prefixes of its clients"));
        return mends;
    }

    private static List<String> lines(Set<String> protocols, String format) {
        return protocols.stream()
                .map(protocol -> String.format(java.util.Locale.ROOT, format, protocol))
                .toList();
    }

    /** How a settings file keeps memcached to this host. */
    static String memcached(MemcachedSettings settings) {
        return settings.isAssignments()
                ? settings.file() + ": OPTIONS=\"-l 127.0.0.1 -U 0\"; then systemctl restart memcached"
                : settings.file()
                        + ": -l 127.0.0.1 in place of its -l, and a line -U 0; then systemctl restart memcached";
    }
}
