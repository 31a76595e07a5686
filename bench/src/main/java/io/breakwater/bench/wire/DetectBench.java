package io.breakwater.bench.wire;

import io.breakwater.appliance.Breakwater;
import io.breakwater.bench.Progress;
import io.breakwater.bench.nativeaccess.BpfProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Time to detection: in every round all watchers start afresh on the gateway's outside card, an attack begins, and each is
 * timed until it tells.
 *
 * <p><b>Why</b> on the same card at once: so that they see the very same frames, and whatever slows one slows all.
 */
final class DetectBench {
    /** Little enough for two cores to watch three times, four times the threshold. */
    static final long ATTACK_PPS = 20_000;

    static final long THRESHOLD_PPS = 5_000;

    private static final int SOURCES = 4_096;
    private static final int FRAME_BYTES = 256;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_MS = 2;
    /** FastNetMon reckons speeds once a second from its start; it is given a few. */
    private static final long SETTLE_MS = 4_000;

    private final int rounds;
    private final Progress progress;

    /** Who watches. */
    enum Watcher {
        BREAKWATER("breakwater", "Breakwater, pcap port: its event attack-start", ""),
        FASTNETMON("fastnetmon", "FastNetMon, averages over 5 s as installed", "fastnetmon"),
        FASTNETMON_FAST("fastnetmon-1s", "FastNetMon, averages over 1 s", "fastnetmon");

        private final String id;
        private final String label;
        private final String program;

        Watcher(String id, String label, String program) {
            this.id = id;
            this.label = label;
            this.program = program;
        }

        String id() {
            return id;
        }

        String label() {
            return label;
        }

        /** What is missing here to run it. */
        Optional<String> missing() {
            return program.isEmpty() ? Optional.empty() : Programs.missing(program);
        }
    }

    DetectBench(int rounds, Progress progress) {
        this.rounds = rounds;
        this.progress = progress;
    }

    /** Seconds to detection of every round, by those who watched. */
    Map<Watcher, List<Double>> run() throws IOException, InterruptedException {
        Map<Watcher, List<Double>> seconds = new EnumMap<>(Watcher.class);
        for (Watcher watcher : Watcher.values()) {
            if (watcher.missing().isEmpty()) {
                seconds.put(watcher, new ArrayList<>());
            }
        }
        try (Testbed bed = Testbed.build();
                Generator generator = new Generator(bed.netns(Testbed.SENDER), Testbed.SENDER_CARD, 1)) {
            for (int round = 0; round < rounds; round++) {
                progress.step("attack", (round + 1) + " of " + rounds, () -> generator.frames(Mark.ATTACK));
                round(bed, generator, round, seconds);
            }
        }
        return seconds;
    }

    private static void round(Testbed bed, Generator generator, int round, Map<Watcher, List<Double>> seconds)
            throws IOException, InterruptedException {
        Path scratch = Files.createDirectory(bed.scratch().resolve("round-" + round));
        List<Running> running = new ArrayList<>();
        try {
            for (Watcher watcher : seconds.keySet()) {
                running.add(start(watcher, bed, scratch));
            }
            Thread.sleep(SETTLE_MS);
            for (Running one : running) {
                one.requireAlive();
            }
            try (BpfProgram _ = Line.openForBatches(bed.netns(Testbed.GATEWAY), Testbed.OUTSIDE)) {
                attack(generator, scratch, seconds);
            }
        } finally {
            for (Running one : running) {
                one.close();
            }
        }
    }

    private static void attack(Generator generator, Path scratch, Map<Watcher, List<Double>> seconds)
            throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        generator.start(new Load(Mix.ATTACK, FRAME_BYTES, SOURCES, ATTACK_PPS, 0, PATIENCE_NS));
        Map<Watcher, Double> told = new EnumMap<>(Watcher.class);
        while (told.size() < seconds.size()) {
            double passed = (System.nanoTime() - startNs) / 1e9;
            for (Watcher watcher : seconds.keySet()) {
                if (!told.containsKey(watcher) && hasTold(watcher, scratch)) {
                    told.put(watcher, passed);
                }
            }
            if (passed * 1e9 > PATIENCE_NS) {
                throw new IOException("only " + told.keySet() + " noticed the attack");
            }
            Thread.sleep(LOOK_MS);
        }
        generator.stop();
        told.forEach((watcher, passed) ->
                seconds.computeIfAbsent(watcher, _ -> new ArrayList<>()).add(passed));
    }

    private static boolean hasTold(Watcher watcher, Path scratch) throws IOException {
        Path file = told(watcher, scratch);
        return watcher == Watcher.BREAKWATER
                ? Files.exists(file) && Files.readString(file).contains("\"attack-start\"")
                : Files.exists(file);
    }

    /** Where a watcher tells. */
    private static Path told(Watcher watcher, Path scratch) {
        return scratch.resolve(watcher.id() + ".told");
    }

    private static Running start(Watcher watcher, Testbed bed, Path scratch) throws IOException, InterruptedException {
        return switch (watcher) {
            case BREAKWATER -> breakwater(bed, scratch);
            case FASTNETMON -> fastNetMon(watcher, bed, scratch, 5);
            case FASTNETMON_FAST -> fastNetMon(watcher, bed, scratch, 1);
        };
    }

    private static Running breakwater(Testbed bed, Path scratch) throws IOException, InterruptedException {
        Path policy = scratch.resolve("policy.yaml");
        Files.writeString(
                policy,
                "pairs: [{name: bench, outside: " + Testbed.OUTSIDE + ", inside: " + Testbed.INSIDE
                        + ", backend: pcap}]\nadmin: {listen: off}\nprotected: [" + Frames.PROTECTED + "]\n"
                        + "attack: {packets: " + THRESHOLD_PPS + " packets/s, bits: 10 Gbit/s}\nevents: {file: "
                        + told(Watcher.BREAKWATER, scratch) + "}\n");
        String state = scratch.resolve("state").toString();
        return Child.java(
                bed, 0, "are joined", Breakwater.class, List.of("run", "-c", policy.toString(), "--state-dir", state));
    }

    private static Running fastNetMon(Watcher watcher, Testbed bed, Path scratch, int averageSeconds)
            throws IOException, InterruptedException {
        Path home = Files.createDirectory(scratch.resolve(watcher.id()));
        Path script = home.resolve("notify");
        Files.writeString(script, "#!/bin/sh\n[ \"$4\" = ban ] && : >" + told(watcher, scratch) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path networks = home.resolve("networks");
        Files.writeString(networks, Frames.PROTECTED + "\n");
        Path nobody = Files.createFile(home.resolve("white"));
        Path configuration = home.resolve("fastnetmon.conf");
        Files.writeString(
                configuration,
                String.join(
                                "\n",
                                Arrays.asList(
                                        "disable_usage_report = on",
                                        "enable_ban = on",
                                        "ban_time = 1900",
                                        "process_incoming_traffic = on",
                                        "process_outgoing_traffic = off",
                                        "networks_list_path = " + networks,
                                        "white_list_path = " + nobody,
                                        "check_period = 1",
                                        "enable_connection_tracking = off",
                                        "ban_for_pps = on",
                                        "ban_for_bandwidth = off",
                                        "ban_for_flows = off",
                                        "threshold_pps = " + THRESHOLD_PPS,
                                        "mirror_afpacket = on",
                                        "interfaces = " + Testbed.OUTSIDE,
                                        "average_calculation_time = " + averageSeconds,
                                        "speed_calculation_delay = 1",
                                        "monitor_local_ip_addresses = off",
                                        "notify_script_path = " + script,
                                        "cli_stats_file_path = " + home.resolve("stats"),
                                        "cli_stats_ipv6_file_path = " + home.resolve("stats6"),
                                        "enable_api = off"))
                        + "\n");
        return Child.shell(
                bed,
                watcher.id(),
                "READY",
                "fastnetmon --disable_pid_logic --configuration_file " + configuration + " --log_file "
                        + home.resolve("log")
                        + " >/dev/null 2>&1 & pid=$!; sleep 1; kill -0 $pid && echo READY; read -r end;"
                        + " kill $pid; wait $pid");
    }
}
