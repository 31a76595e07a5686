package io.breakwater.bench.wire;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that the peers are, and the Debian packages that bring them. */
final class Programs {
    private static final Map<String, String> PACKAGES = Map.of(
            "ip", "iproute2",
            "nft", "nftables",
            "iptables", "iptables",
            "ethtool", "ethtool",
            "xdp-filter", "xdp-tools",
            "dpdk-testpmd", "dpdk-dev",
            "taskset", "util-linux");

    private Programs() {}

    /** Whether it is installed. */
    static boolean find(String program) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                        Stream.of("/usr/sbin", "/sbin", "/usr/bin"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** What to install for this program, if it is missing. */
    static Optional<String> missing(String program) {
        return find(program)
                ? Optional.empty()
                : Optional.of("no " + program + "; sudo apt-get install " + PACKAGES.getOrDefault(program, program));
    }
}
