package io.breakwater.bench.wire;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Versions of the peers' programs, as they tell them. */
final class Versions {
    private static final List<List<String>> ASKED = List.of(
            List.of("nft", "--version"),
            List.of("iptables", "--version"),
            List.of("xdp-filter", "--version"),
            List.of("dpdk-testpmd", "--version"),
            List.of("ip", "-V"));

    private Versions() {}

    static Map<String, String> here() {
        Map<String, String> versions = new TreeMap<>();
        for (List<String> command : ASKED) {
            if (Programs.find(command.getFirst())) {
                versions.put(command.getFirst(), version(command));
            }
        }
        return versions;
    }

    private static String version(List<String> command) {
        try {
            return Testbed.run(command.toArray(String[]::new))
                    .lines()
                    .filter(line -> line.matches(".*[0-9]+\\.[0-9]+.*"))
                    .findFirst()
                    .orElse("unknown")
                    .strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
