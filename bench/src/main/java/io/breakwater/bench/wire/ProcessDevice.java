package io.breakwater.bench.wire;

import io.breakwater.appliance.Breakwater;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Devices that are programs: Breakwater and the peers in user space. */
final class ProcessDevice {
    /** eBPF programs find each other below this; the mount is the program's own, {@code ip netns exec} sees to that. */
    private static final String WITH_BPFFS = "mount -t bpf bpf /sys/fs/bpf && ";

    private static final String READY = "READY";

    private ProcessDevice() {}

    /** Forwards from port to port and looks at nothing; its worker polls without pause. */
    static Running testpmd(Testbed bed, int core, String driver) throws IOException, InterruptedException {
        // Its main thread only waits for the end of its input; both live on the filter's core. Into a pipe it would say
        // nothing before its end.
        return Child.shell(
                bed,
                "dpdk-testpmd",
                "forwards packets on",
                WITH_BPFFS
                        + "exec stdbuf -oL dpdk-testpmd --no-huge -m 512 --no-pci --no-telemetry --no-shconf"
                        + " --iova-mode=va --file-prefix " + bed.netns("pmd") + " --lcores 0@" + core + ",1@" + core
                        + " --vdev " + driver + "0,iface=" + Testbed.OUTSIDE
                        + " --vdev " + driver + "1,iface=" + Testbed.INSIDE
                        + " -- --forward-mode=io --auto-start --nb-cores=1 --burst=64 --total-num-mbufs=32768"
                        + " --no-lsc-interrupt");
    }

    static Running xdpFilter(Testbed bed) throws IOException, InterruptedException {
        Running bridge = KernelDevice.bridge(bed);
        try {
            Child filter = Child.shell(
                    bed,
                    "xdp-filter",
                    READY,
                    WITH_BPFFS + "xdp-filter load -m native -f udp " + Testbed.OUTSIDE
                            + " && xdp-filter port -p udp -m src " + Frames.MEMCACHED
                            + " && echo " + READY + " && read -r end; xdp-filter unload --all");
            return new Running() {
                @Override
                public void close() throws IOException {
                    filter.close();
                    bridge.close();
                }
            };
        } catch (IOException e) {
            bridge.close();
            throw e;
        }
    }

    static Running barePcap4j(Testbed bed, int core, Path scratch) throws IOException, InterruptedException {
        return Child.java(bed, core, BareLoop.READY, BareLoop.class, List.of(Testbed.OUTSIDE, Testbed.INSIDE));
    }

    /**
     * As {@code breakwater run} starts it.
     *
     * @param pair keys of its pair besides the ports
     */
    static Running breakwater(Testbed bed, int core, Path scratch, String pair)
            throws IOException, InterruptedException {
        Path policy = scratch.resolve("policy.yaml");
        Files.writeString(
                policy,
                "pairs: [{name: bench, outside: " + Testbed.OUTSIDE + ", inside: " + Testbed.INSIDE + ", " + pair
                        + "}]\nadmin: {listen: off}\nprotected: [" + Frames.PROTECTED + "]\n");
        Path state = scratch.resolve("state");
        Child box = Child.java(
                bed,
                core,
                "are joined",
                Breakwater.class,
                List.of("run", "-c", policy.toString(), "--state-dir", state.toString()));
        return new Box(bed, box, state);
    }

    /** Breakwater; at its end the cards are given back, because the next device needs them as they were. */
    private record Box(Testbed bed, Child box, Path state) implements Running {
        @Override
        public long pid() {
            return box.pid();
        }

        @Override
        public void requireAlive() throws IOException {
            box.requireAlive();
        }

        @Override
        public void close() throws IOException {
            box.close();
            bed.runIn(
                    Testbed.GATEWAY,
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Breakwater.class.getName(),
                    "release",
                    "--state-dir",
                    state.toString());
        }
    }
}
