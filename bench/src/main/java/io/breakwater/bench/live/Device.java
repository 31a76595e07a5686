package io.breakwater.bench.live;

import io.breakwater.appliance.Breakwater;
import io.breakwater.bench.replay.BenchPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What stands between sender and sink. */
enum Device {
    /** The shortest pcap4j program that forwards: what the others are compared with. */
    BARE_LOOP("bare pcap4j loop") {
        @Override
        AutoCloseable start(Wire wire, Path scratch) throws IOException, InterruptedException {
            return JavaChild.start(wire, Wire.GATEWAY, BareLoop.READY, BareLoop.class, Wire.OUTSIDE, Wire.INSIDE);
        }
    },
    BREAKWATER_MEMCACHED("breakwater, memcached-only policy") {
        @Override
        AutoCloseable start(Wire wire, Path scratch) throws IOException, InterruptedException {
            return breakwater(wire, scratch, BenchPolicy.MEMCACHED_ONLY_YAML);
        }
    },
    BREAKWATER_DEFAULT("breakwater, default policy") {
        @Override
        AutoCloseable start(Wire wire, Path scratch) throws IOException, InterruptedException {
            return breakwater(wire, scratch, "protected: [198.19.0.0/16]\n");
        }
    },
    /** The kernel alone. */
    BRIDGE("plain Linux bridge") {
        @Override
        AutoCloseable start(Wire wire, Path scratch) throws IOException {
            Wire.run(wire.in(Wire.GATEWAY, "ip", "link", "add", "br0", "type", "bridge"));
            for (String port : new String[] {Wire.OUTSIDE, Wire.INSIDE}) {
                Wire.run(wire.in(Wire.GATEWAY, "ip", "link", "set", port, "master", "br0"));
            }
            Wire.run(wire.in(Wire.GATEWAY, "ip", "link", "set", "br0", "up"));
            return () -> Wire.run(wire.in(Wire.GATEWAY, "ip", "link", "del", "br0"));
        }
    };

    private final String label;

    Device(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Starts it and waits until it forwards; closing ends it. */
    abstract AutoCloseable start(Wire wire, Path scratch) throws IOException, InterruptedException;

    /** The file that Breakwater's latencies are in when it has ended. */
    static Path histogramLog(Path scratch) {
        return scratch.resolve("latency.hlog");
    }

    private static JavaChild breakwater(Wire wire, Path scratch, String policy)
            throws IOException, InterruptedException {
        Path file = scratch.resolve("policy.yaml");
        Files.writeString(
                file,
                "pairs: [{name: bench, outside: " + Wire.OUTSIDE + ", inside: " + Wire.INSIDE
                        + ", backend: pcap}]\nadmin: {listen: off}\n" + policy);
        return JavaChild.start(
                wire,
                Wire.GATEWAY,
                "are joined",
                Breakwater.class,
                "run",
                "-c",
                file.toString(),
                "--state-dir",
                scratch.resolve("state").toString(),
                "--hlog",
                histogramLog(scratch).toString());
    }
}
