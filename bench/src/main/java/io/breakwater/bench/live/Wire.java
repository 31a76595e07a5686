package io.breakwater.bench.live;

import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Three network namespaces of its own in a row, sender – gateway – sink, joined by veth pairs: s0 – {@link #OUTSIDE} and
 * {@link #INSIDE} – k0. Their names end in a random number, so that two runs do not collide.
 */
final class Wire implements AutoCloseable {
    static final String SENDER = "sender";
    static final String GATEWAY = "gateway";
    static final String SINK = "sink";

    static final String SENDER_CARD = "s0";
    static final String OUTSIDE = "g0";
    static final String INSIDE = "g1";
    private static final String SINK_CARD = "k0";

    private static final List<String> NAMESPACES = List.of(SENDER, GATEWAY, SINK);

    private final String suffix =
            Integer.toHexString(ThreadLocalRandom.current().nextInt() | 0x1000_0000);
    private final Thread atExit = new Thread(this::remove, "remove-namespaces");

    private Wire() {}

    /** Whether this process may make namespaces. */
    static boolean isPossible() {
        return "root".equals(System.getProperty("user.name"))
                && (Files.isExecutable(Path.of("/sbin/ip")) || Files.isExecutable(Path.of("/usr/sbin/ip")));
    }

    /**
     * Builds it.
     *
     * @throws CommandFailure (run time) if that is impossible here
     */
    static Wire build() {
        if (!isPossible()) {
            throw CommandFailure.atRunTime("network namespaces need root and the program ip: run it with sudo");
        }
        Wire wire = new Wire();
        Runtime.getRuntime().addShutdownHook(wire.atExit);
        try {
            wire.join();
            return wire;
        } catch (IOException e) {
            wire.close();
            throw CommandFailure.atRunTime("the namespaces cannot be made here: " + e.getMessage());
        }
    }

    private void join() throws IOException {
        for (String name : NAMESPACES) {
            run("ip", "netns", "add", netns(name));
            // No frames but ours.
            run(in(name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1"));
        }
        veth(SENDER, SENDER_CARD, OUTSIDE);
        veth(SINK, SINK_CARD, INSIDE);
    }

    private void veth(String side, String card, String port) throws IOException {
        String[] make = {"ip", "link", "add", card, "netns", netns(side), "type", "veth", "peer", "name", port};
        String[] whole = Arrays.copyOf(make, make.length + 2);
        whole[make.length] = "netns";
        whole[make.length + 1] = netns(GATEWAY);
        run(whole);
        quiet(side, card);
        quiet(GATEWAY, port);
    }

    /** Offloads off for whatever is measured, so that all of them see the same frames. */
    private void quiet(String side, String card) throws IOException {
        run(in(side, "ethtool", "-K", card, "tx", "off", "gro", "off", "gso", "off", "tso", "off"));
        run(in(side, "ip", "link", "set", card, "up"));
    }

    String netns(String name) {
        return "bwb-" + name + "-" + suffix;
    }

    /** The command line that runs a program in a namespace. */
    String[] in(String name, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", netns(name)));
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    /** Frames that the sink's card received so far. */
    long received() throws IOException {
        String count = run(in(SINK, "cat", "/sys/class/net/" + SINK_CARD + "/statistics/rx_packets"));
        return Long.parseLong(count.strip());
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
        for (String name : NAMESPACES) {
            try {
                run("ip", "netns", "del", netns(name));
            } catch (IOException notMade) {
                // Building failed before this one: nothing to remove.
            }
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
