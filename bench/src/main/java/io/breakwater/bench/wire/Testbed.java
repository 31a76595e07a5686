package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Three network namespaces of its own in a row, joined by veth pairs, and one pair past the gateway:
 *
 * <pre>
 *   sender s0 ── g0 gateway g1 ── k0 sink
 *          s1 ─────────────────── k1
 * </pre>
 *
 * <p>The names of the namespaces end in a random number, so that two runs do not collide; they go with this object, or
 * when the program ends. Each card has one queue, because what stands between runs on one core.
 */
final class Testbed implements AutoCloseable {
    static final String SENDER = "sender";
    static final String GATEWAY = "gateway";
    static final String SINK = "sink";

    static final String SENDER_CARD = "s0";
    static final String OUTSIDE = "g0";
    static final String INSIDE = "g1";
    static final String SINK_CARD = "k0";
    static final String DIRECT_SENDER_CARD = "s1";
    static final String DIRECT_SINK_CARD = "k1";

    private static final List<String> NAMESPACES = List.of(SENDER, GATEWAY, SINK);
    private static final Path BRIDGE_NETFILTER = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");

    private final String suffix =
            Integer.toHexString(ThreadLocalRandom.current().nextInt() | 0x1000_0000);
    private final Thread atExit = new Thread(this::remove, "remove-namespaces");

    private final Path scratch;

    private Testbed(Path scratch) {
        this.scratch = scratch;
    }

    /** Whether this process may make namespaces. */
    static boolean isPossible() {
        return "root".equals(System.getProperty("user.name")) && Programs.find("ip");
    }

    /**
     * Builds it.
     *
     * @throws CommandFailure (run time) if that is impossible here
     */
    static Testbed build() {
        if (!isPossible()) {
            throw CommandFailure.atRunTime("network namespaces need root and the program ip: run it with sudo");
        }
        try {
            Testbed testbed = new Testbed(Files.createTempDirectory("breakwater-bench"));
            Runtime.getRuntime().addShutdownHook(testbed.atExit);
            try {
                testbed.join();
                return testbed;
            } catch (IOException e) {
                testbed.close();
                throw e;
            }
        } catch (IOException e) {
            throw CommandFailure.atRunTime("the namespaces cannot be made here: " + e.getMessage());
        }
    }

    /** A directory for the files of a device. */
    Path scratch() {
        return scratch;
    }

    private void join() throws IOException {
        for (String role : NAMESPACES) {
            run("ip", "netns", "add", netns(role));
            // No frames but ours.
            runIn(role, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        }
        bridgesPassNetfilter(false);
        veth(SENDER, SENDER_CARD, GATEWAY, OUTSIDE);
        veth(SINK, SINK_CARD, GATEWAY, INSIDE);
        veth(SENDER, DIRECT_SENDER_CARD, SINK, DIRECT_SINK_CARD);
    }

    private void veth(String side, String card, String otherSide, String otherCard) throws IOException {
        run(("ip link add " + card + " netns " + netns(side) + " numtxqueues 1 numrxqueues 1 type veth peer name "
                        + otherCard + " netns " + netns(otherSide) + " numtxqueues 1 numrxqueues 1")
                .split(" "));
        prepare(side, card);
        prepare(otherSide, otherCard);
    }

    /** Offloads off for whatever is measured, so that all of them see the same frames. */
    private void prepare(String side, String card) throws IOException {
        runIn(side, "ethtool", "-K", card, "tx", "off", "gro", "off", "gso", "off", "tso", "off");
        runIn(side, "ip", "link", "set", card, "up");
    }

    /** Whether iptables can see what bridges forward, on this kernel. */
    static boolean hasBridgeNetfilter() {
        return Files.exists(BRIDGE_NETFILTER);
    }

    /** Whether they do in the gateway. A new namespace begins with yes, which slows every bridge. */
    void bridgesPassNetfilter(boolean pass) throws IOException {
        if (hasBridgeNetfilter()) {
            for (String family : List.of("iptables", "ip6tables", "arptables")) {
                runIn(GATEWAY, "sysctl", "-qw", "net.bridge.bridge-nf-call-" + family + "=" + (pass ? 1 : 0));
            }
        }
    }

    String netns(String role) {
        return "bwb-" + role + "-" + suffix;
    }

    /** The command line that runs a program in a namespace. */
    List<String> in(String role, List<String> command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", netns(role)));
        words.addAll(command);
        return words;
    }

    /** Runs a program in a namespace to its end. */
    String runIn(String role, String... command) throws IOException {
        return run(in(role, Arrays.asList(command)).toArray(String[]::new));
    }

    /** Runs a program to its end. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException(String.join(" ", command) + ": exit " + exit + ": " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void remove() {
        for (String role : NAMESPACES) {
            try {
                run("ip", "netns", "del", netns(role));
            } catch (IOException notMade) {
                // Building failed before this one: nothing to remove.
            }
        }
        try (Stream<Path> files = Files.walk(scratch)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException gone) {
            // It is in the system's directory for temporary files, which is emptied in time.
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            return; // The hook does it.
        }
        remove();
    }
}
