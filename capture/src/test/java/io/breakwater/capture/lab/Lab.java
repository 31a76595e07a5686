package io.breakwater.capture.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Three network namespaces in a row, out – box – in, joined by veth pairs: o1 – o0 and i0 – i1. */
public final class Lab implements AutoCloseable {
    private final String prefix =
            "bwt" + Integer.toHexString(ThreadLocalRandom.current().nextInt() | 0x1000_0000);

    private Lab() {}

    /** A new lab; the test is skipped, visibly, where none can be made. */
    public static Lab open() throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/sys/class/net")),
                "needs root and network namespaces: run ./verify with sudo");
        Lab lab = new Lab();
        try {
            lab.build();
        } catch (IOException e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    private void build() throws IOException {
        for (String side : List.of("out", "box", "in")) {
            run("ip", "netns", "add", netns(side));
            sysctl(side, "net/ipv6/conf/default/disable_ipv6", "1"); // no frames but the test's
        }
        join("out", "o1", "o0");
        join("in", "i1", "i0");
    }

    /** Joins a side with the box by a veth pair; its ends are up and quiet (no IPv6, no unfinished checksums). */
    public void join(String side, String peer, String port) throws IOException {
        run(
                "ip",
                "link",
                "add",
                peer,
                "netns",
                netns(side),
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                netns("box"));
        quiet(side, peer);
        in("box", "ip", "link", "set", port, "up");
    }

    private void quiet(String side, String peer) throws IOException {
        in(side, "ethtool", "-K", peer, "tx", "off");
        in(side, "ip", "link", "set", peer, "up");
    }

    /** Name of the namespace of {@code out}, {@code box} or {@code in}. */
    public String netns(String side) {
        return prefix + "-" + side;
    }

    /** Sets a value under {@code /proc/sys} of a namespace; the program of that name may not be installed. */
    public void sysctl(String side, String path, String value) throws IOException {
        in(side, "sh", "-c", "echo " + value + " > /proc/sys/" + path);
    }

    /** Runs a program in a namespace to its end; fails the test if it fails. */
    public String in(String side, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", netns(side)));
        words.addAll(List.of(command));
        return run(words.toArray(String[]::new));
    }

    /** Starts a Java program of the tests in a namespace. */
    public Child java(String side, Class<?> main, String... arguments) throws IOException {
        return java(side, List.of(), main, arguments);
    }

    /** The same, as a root that may not touch the network. */
    public Child javaWithoutCapabilities(String side, Class<?> main, String... arguments) throws IOException {
        return java(side, List.of("setpriv", "--bounding-set=-net_raw,-net_admin,-sys_admin,-bpf"), main, arguments);
    }

    /** The same, with the right to call native code taken away. */
    public Child javaWithoutNativeAccess(String side, Class<?> main, String... arguments) throws IOException {
        return java(side, List.of(), "--illegal-native-access=deny", main, arguments);
    }

    /** The same, started by another program, such as {@code setpriv} with its options. */
    public Child java(String side, List<String> through, Class<?> main, String... arguments) throws IOException {
        return java(side, through, "--enable-native-access=ALL-UNNAMED", main, arguments);
    }

    /** The same, started by another program, such as {@code setpriv} with its options. */
    public Child java(String side, List<String> through, String nativeAccess, Class<?> main, String... arguments)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", netns(side)));
        words.addAll(through);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                nativeAccess,
                // Programs that live for a second: a third less processor time. What must not allocate needs the other
                // compiler.
                main == Box.class ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        words.addAll(List.of(arguments));
        return Child.start(words);
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IOException(String.join(" ", command) + ": exit " + exit + ": " + output);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        for (String side : List.of("out", "box", "in")) {
            try {
                run("ip", "netns", "del", netns(side));
            } catch (IOException notMade) {
                // Building failed before this one: nothing to remove.
            }
        }
    }
}
