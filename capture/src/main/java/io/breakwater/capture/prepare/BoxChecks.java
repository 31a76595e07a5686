package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.privilege.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks at kernel, cards and cores for what would break or slow a filter that is allowed to start. Changes nothing. */
final class BoxChecks {
    private static final Path CLOCKS = Path.of("/sys/devices/system/clocksource/clocksource0");
    private static final Path JIT = Path.of("/proc/sys/net/core/bpf_jit_enable");
    private static final Path PROTOCOLS = Path.of("/proc/net/protocols");

    /** Clocks that are read by a device access of about a microsecond, not by a vDSO call (clocksource(7) names). */
    private static final Set<String> SLOW_CLOCKS = Set.of("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit");

    private final List<PortPair> pairs;
    private final boolean xdp;
    private final List<Finding> findings = new ArrayList<>();

    BoxChecks(List<PortPair> pairs, boolean xdp) {
        this.pairs = List.copyOf(pairs);
        this.xdp = xdp;
    }

    /** Programs that a preparation calls and that are not there. */
    static List<Finding> tools() {
        return Stream.of("ip", "ethtool", "tc")
                .filter(tool -> !Command.isInstalled(tool))
                .map(tool -> Finding.problem(
                        "tool", tool + " is not installed", "apt-get install " + Command.debianPackage(tool)))
                .toList();
    }

    List<Finding> findings() throws IOException {
        checkClock();
        checkKernel();
        if (Command.isInstalled("ethtool")) {
            for (PortPair pair : pairs) {
                checkCard(pair.outside());
                checkCard(pair.inside());
            }
        }
        return findings;
    }

    private void checkClock() throws IOException {
        String clock = read(CLOCKS.resolve("current_clocksource"));
        if (SLOW_CLOCKS.contains(clock)) {
            boolean tsc = List.of(read(CLOCKS.resolve("available_clocksource")).split(" "))
                    .contains("tsc");
            String what = "the kernel's clock is " + clock + ", which is slow to read";
            findings.add(
                    tsc
                            ? Finding.warning("clock", what, "echo tsc > " + CLOCKS.resolve("current_clocksource"))
                            : Finding.warning(
                                    "clock", what + ": the kernel found no better one (dmesg | grep -i tsc)"));
        }
    }

    private void checkKernel() throws IOException {
        if (Files.exists(JIT) && read(JIT).equals("0")) {
            findings.add(Finding.safelyMended(
                    "bpf-jit",
                    "the kernel interprets packet programs instead of compiling them",
                    "sysctl -w net.core.bpf_jit_enable=1"));
        }
        if (xdp
                && Files.exists(PROTOCOLS)
                && Files.readAllLines(PROTOCOLS).stream().noneMatch(line -> line.startsWith("XDP "))) {
            findings.add(Finding.problem(
                    "kernel",
                    "the kernel has no AF_XDP sockets (CONFIG_XDP_SOCKETS), which backend xdp needs",
                    "set backend: pcap"));
        }
    }

    private void checkCard(String port) throws IOException {
        try (LinkProbe link = new LinkProbe(port)) {
            if (link.index() == LinkProbe.NONE) {
                return;
            }
            if (link.isAdminUp() && !link.isRunning()) {
                findings.add(Finding.warning(
                        "carrier", "port " + port + " has no carrier: plug its cable in, or look at the other end"));
            }
        }
        List<String> stuck = Offloads.stuck(port);
        if (!stuck.isEmpty()) {
            findings.add(Finding.problem(
                    "offloads",
                    "port " + port + ": its driver keeps " + String.join(", ", stuck)
                            + " on, which make frames larger than the MTU: use another card or driver"));
        }
        checkRing(port);
        checkInterrupts(port);
    }

    private void checkRing(String port) throws IOException {
        Command.Result result = Command.run("ethtool", "-g", port);
        CardRing ring = CardRing.parse(result.isOk() ? result.output() : "");
        if (ring.currentRx() > 0 && ring.currentRx() < ring.maximumRx()) {
            findings.add(Finding.safelyMended(
                    "ring",
                    "port " + port + ": its receive ring holds " + ring.currentRx() + " of " + ring.maximumRx()
                            + " frames, so bursts are lost sooner than they must",
                    "ethtool -G " + port + " rx " + ring.maximumRx()));
        }
    }

    /** Several interrupts of one card on one core, while others idle, are a bottleneck that looks like the filter's. */
    private void checkInterrupts(String port) throws IOException {
        List<Integer> interrupts = CardInterrupts.of(port, Files.readAllLines(Path.of("/proc/interrupts")));
        Set<String> cores = new TreeSet<>();
        for (int interrupt : interrupts) {
            Path file = Path.of("/proc/irq", Integer.toString(interrupt), "smp_affinity_list");
            if (Files.isReadable(file)) {
                cores.add(read(file));
            }
        }
        boolean onOne = interrupts.size() > 1
                && cores.size() == 1
                && cores.iterator().next().matches("\\d+");
        if (onOne && Runtime.getRuntime().availableProcessors() > 1) {
            findings.add(Finding.warning(
                    "interrupts",
                    "port " + port + ": all its " + interrupts.size() + " interrupts go to core "
                            + cores.iterator().next(),
                    "echo 0-" + (Runtime.getRuntime().availableProcessors() - 1) + " > /proc/irq/"
                            + interrupts.getLast() + "/smp_affinity_list"));
        }
    }

    private static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
