package io.breakwater.bench.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Peers that are the kernel's own: a bridge, and what drops in front of it or on it. */
final class KernelDevice {
    private static final String BRIDGE = "br0";
    private static final String TABLE = "bench";
    /** As Breakwater's default: frames/s of one source, and its burst. */
    private static final int SOURCE_RATE = 50_000;

    private static final int SOURCE_BURST = 100_000;
    /** Room for all sources of the largest workload: what happens to a full table is not what is compared. */
    private static final int MOST_SOURCES = 1 << 21;

    private KernelDevice() {}

    static Running bridge(Testbed bed) throws IOException {
        bed.runIn(Testbed.GATEWAY, "ip", "link", "add", BRIDGE, "type", "bridge", "mcast_snooping", "0");
        for (String port : new String[] {Testbed.OUTSIDE, Testbed.INSIDE}) {
            bed.runIn(Testbed.GATEWAY, "ip", "link", "set", port, "master", BRIDGE);
        }
        bed.runIn(Testbed.GATEWAY, "ip", "link", "set", BRIDGE, "up");
        return () -> bed.runIn(Testbed.GATEWAY, "ip", "link", "del", BRIDGE);
    }

    /** Without this the bridge works on the sender's core, where the frames come in. */
    static Running bridgeOnCore(Testbed bed, int core) throws IOException {
        Running bridge = bridge(bed);
        steer(bed, Long.toHexString(1L << core));
        return () -> {
            steer(bed, "0");
            bridge.close();
        };
    }

    private static void steer(Testbed bed, String cores) throws IOException {
        for (String port : new String[] {Testbed.OUTSIDE, Testbed.INSIDE}) {
            bed.runIn(
                    Testbed.GATEWAY,
                    "sh",
                    "-c",
                    "echo " + cores + " > /sys/class/net/" + port + "/queues/rx-0/rps_cpus");
        }
    }

    static Running nftPort(Testbed bed) throws IOException {
        return withNft(bed, """
                table netdev %s {
                  chain in {
                    type filter hook ingress device "%s" priority -500
                    udp sport %d drop
                  }
                }
                """.formatted(TABLE, Testbed.OUTSIDE, Frames.MEMCACHED));
    }

    static Running nftMeter(Testbed bed) throws IOException {
        return withNft(
                bed, """
                table netdev %s {
                  set senders {
                    type ipv4_addr
                    size %d
                    flags dynamic,timeout
                    timeout 60s
                  }
                  chain in {
                    type filter hook ingress device "%s" priority -500
                    udp sport %d drop
                    meta l4proto udp update @senders { ip saddr limit rate over %d/second burst %d packets } drop
                  }
                }
                """.formatted(TABLE, MOST_SOURCES, Testbed.OUTSIDE, Frames.MEMCACHED, SOURCE_RATE, SOURCE_BURST));
    }

    private static Running withNft(Testbed bed, String rules) throws IOException {
        Running bridge = bridge(bed);
        try {
            load(bed, rules);
        } catch (IOException e) {
            bridge.close();
            throw e;
        }
        return () -> {
            bed.runIn(Testbed.GATEWAY, "nft", "delete", "table", "netdev", TABLE);
            bridge.close();
        };
    }

    private static void load(Testbed bed, String rules) throws IOException {
        Process nft = new ProcessBuilder(bed.in(Testbed.GATEWAY, java.util.List.of("nft", "-f", "-")))
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = nft.getOutputStream()) {
            in.write(rules.getBytes(StandardCharsets.UTF_8));
        }
        try {
            String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (nft.waitFor() != 0) {
                throw new IOException(
                        "nft refused its rules: " + said.lines().findFirst().orElse(""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static Running hashlimit(Testbed bed) throws IOException {
        Running bridge = bridge(bed);
        Running rules = () -> {
            bed.runIn(Testbed.GATEWAY, "iptables", "-F", "FORWARD");
            bed.bridgesPassNetfilter(false);
            bridge.close();
        };
        try {
            bed.bridgesPassNetfilter(true);
            iptables(bed, "-A FORWARD -p udp --sport " + Frames.MEMCACHED + " -j DROP");
            iptables(
                    bed,
                    "-A FORWARD -p udp -m hashlimit --hashlimit-name senders --hashlimit-mode srcip --hashlimit-above "
                            + SOURCE_RATE + "/sec --hashlimit-burst " + SOURCE_BURST
                            + " --hashlimit-htable-size 262144 --hashlimit-htable-max " + MOST_SOURCES + " -j DROP");
        } catch (IOException e) {
            rules.close();
            throw e;
        }
        return rules;
    }

    private static void iptables(Testbed bed, String words) throws IOException {
        bed.runIn(Testbed.GATEWAY, ("iptables " + words).split(" "));
    }
}
