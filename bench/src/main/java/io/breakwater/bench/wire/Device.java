package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What stands between sender and sink: Breakwater, its peers, and nothing at all. */
enum Device {
    /** What sender and sink can do by themselves. */
    DIRECT("direct", "nothing between: sender and sink alone", (bed, core, scratch) -> () -> {}),
    BRIDGE("bridge", "Linux bridge", (bed, core, scratch) -> KernelDevice.bridge(bed)),
    BRIDGE_RPS(
            "bridge-rps",
            "Linux bridge, moved to the filter's core by RPS",
            (bed, core, scratch) -> KernelDevice.bridgeOnCore(bed, core)),
    NFT_PORT(
            "nft-port",
            "Linux bridge, nft netdev: memcached's port dropped",
            (bed, core, scratch) -> KernelDevice.nftPort(bed),
            "nft"),
    NFT_METER(
            "nft-meter",
            "Linux bridge, nft netdev: port dropped, meter per source",
            (bed, core, scratch) -> KernelDevice.nftMeter(bed),
            "nft"),
    HASHLIMIT(
            "hashlimit",
            "Linux bridge, iptables: port dropped, hashlimit per source",
            (bed, core, scratch) -> KernelDevice.hashlimit(bed),
            "iptables"),
    XDP_FILTER(
            "xdp-filter",
            "Linux bridge, xdp-filter: memcached's port dropped",
            (bed, core, scratch) -> ProcessDevice.xdpFilter(bed),
            "xdp-filter"),
    TESTPMD_AF_PACKET(
            "testpmd-af-packet",
            "DPDK testpmd, net_af_packet: forwards without looking",
            (bed, core, scratch) -> ProcessDevice.testpmd(bed, core, "net_af_packet"),
            "dpdk-testpmd"),
    TESTPMD_AF_XDP(
            "testpmd-af-xdp",
            "DPDK testpmd, net_af_xdp: forwards without looking",
            (bed, core, scratch) -> ProcessDevice.testpmd(bed, core, "net_af_xdp"),
            "dpdk-testpmd"),
    /** The shortest pcap4j program that forwards, in one direction. */
    BARE_PCAP4J("bare-pcap4j", "bare pcap4j loop: forwards without looking", ProcessDevice::barePcap4j, "taskset"),
    BREAKWATER_PCAP(
            "breakwater-pcap",
            "Breakwater, pcap port, default policy",
            (bed, core, scratch) -> ProcessDevice.breakwater(bed, core, scratch, "backend: pcap"),
            "taskset"),
    BREAKWATER_XDP(
            "breakwater-xdp",
            "Breakwater, xdp port, default policy",
            (bed, core, scratch) -> ProcessDevice.breakwater(bed, core, scratch, "backend: xdp, shield: off"),
            "taskset"),
    BREAKWATER_XDP_BUSY(
            "breakwater-xdp-busy",
            "Breakwater, xdp port that never sleeps, default policy",
            (bed, core, scratch) ->
                    ProcessDevice.breakwater(bed, core, scratch, "backend: xdp, shield: off, idle: busy"),
            "taskset"),
    BREAKWATER_XDP_BLOCKING(
            "breakwater-xdp-blocking",
            "Breakwater, xdp port that sleeps at once, default policy",
            (bed, core, scratch) ->
                    ProcessDevice.breakwater(bed, core, scratch, "backend: xdp, shield: off, idle: blocking"),
            "taskset"),
    BREAKWATER_XDP_SHIELD(
            "breakwater-xdp-shield",
            "Breakwater, xdp port and shield, default policy",
            (bed, core, scratch) -> ProcessDevice.breakwater(bed, core, scratch, "backend: xdp, shield: native"),
            "taskset"),
    BREAKWATER_PCAP_SHIELD(
            "breakwater-pcap-shield",
            "Breakwater, pcap port and shield, default policy",
            (bed, core, scratch) -> ProcessDevice.breakwater(bed, core, scratch, "backend: pcap, shield: native"),
            "taskset");

    private final String id;
    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // A function without state.
    private final Starter starter;

    /** What must be installed; empty: nothing. */
    private final String program;

    Device(String id, String label, Starter starter) {
        this(id, label, starter, "");
    }

    Device(String id, String label, Starter starter, String program) {
        this.id = id;
        this.label = label;
        this.starter = starter;
        this.program = program;
    }

    @FunctionalInterface
    private interface Starter {
        Running start(Testbed testbed, int core, Path scratch) throws IOException, InterruptedException;
    }

    /** Its name on the command line and in reports. */
    String id() {
        return id;
    }

    /** For people. */
    String label() {
        return label;
    }

    boolean isBreakwater() {
        return id.startsWith("breakwater");
    }

    /** Whether it is a Java program, which is slow until it is compiled. */
    boolean isJava() {
        return isBreakwater() || this == BARE_PCAP4J;
    }

    /** What is missing here to run it. */
    Optional<String> missing() {
        if (this == HASHLIMIT && !Testbed.hasBridgeNetfilter()) {
            return Optional.of("this kernel has no br_netfilter, without which iptables does not see bridges");
        }
        return program.isEmpty() ? Optional.empty() : Programs.missing(program);
    }

    /**
     * Starts it and waits until it forwards; closing ends it.
     *
     * @param core that its program is kept on; the kernel's work is done where the frames come in
     * @param scratch a directory for its files
     */
    Running start(Testbed testbed, int core, Path scratch) throws IOException, InterruptedException {
        return starter.start(testbed, core, scratch);
    }

    /**
     * The device of this name.
     *
     * @throws CommandFailure (usage) if there is none
     */
    static Device of(String id) {
        return Arrays.stream(values())
                .filter(device -> device.id.equals(id))
                .findFirst()
                .orElseThrow(() -> CommandFailure.usage("no device '" + id + "'; there are: "
                        + Arrays.stream(values()).map(Device::id).collect(Collectors.joining(", "))));
    }
}
