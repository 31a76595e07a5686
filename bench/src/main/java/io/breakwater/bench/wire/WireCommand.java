package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Machine;
import io.breakwater.bench.Progress;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.plot.HtmlReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code breakwater bench wire}: Breakwater and its peers between network namespaces. */
@Command(
        name = "wire",
        mixinStandardHelpOptions = true,
        description = "Send traffic from one network namespace to another through Breakwater and through its peers, in"
                + " turn, and compare. Needs root and two cores.")
public final class WireCommand implements Callable<Integer> {
    private static final int QUICK_ROUNDS = 1;
    private static final double QUICK_SECONDS = 0.3;
    private static final int DEFAULT_ROUNDS = 3;
    private static final double DEFAULT_SECONDS = 0.4;
    private static final long MAX_RATE = 100_000_000;

    @Option(
            names = "--devices",
            paramLabel = "NAMES",
            split = ",",
            description = "What to measure, separated by commas (default: all; --list names them).")
    private List<String> devices = List.of();

    @Option(
            names = "--workloads",
            paramLabel = "MIX:BYTES:SOURCES",
            split = ",",
            description = "Traffic, such as legitimate:60:65536,90/10:1400:1 (default: seven that cover each mix, size"
                    + " and number of sources).")
    private List<String> workloads = List.of();

    @Option(
            names = "--measures",
            paramLabel = "NAMES",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Measure> measures = EnumSet.allOf(Measure.class);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Turns of each device (default 3; quick: 1); search and curve take every second.")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "Of each measurement (default 0.4; quick: 0.3).")
    private @Nullable Double seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Frames per second to offer for goodput (default: as many as the sender can make).")
    private @Nullable Long rate;

    @Option(
            names = "--probes",
            paramLabel = "N",
            defaultValue = "" + WirePlan.PROBES,
            description =
                    "Round trips to time per second beside the load for goodput (default ${DEFAULT-VALUE}); 0 leaves"
                            + " the load alone, which shows what a device takes for that and nothing else.")
    private int probes;

    @Option(
            names = "--memory",
            description = "For goodput: tell the memory of each device's process before and behind each workload.")
    private boolean memory;

    @Option(
            names = "--base",
            paramLabel = "NAME",
            description = "What the others are compared with (default: testpmd-af-xdp if it is among them, else the"
                    + " first).")
    private @Nullable String base;

    @Option(names = "--quick", description = "Less than two minutes: one round, three workloads, no search, no curve.")
    private boolean quick;

    @Option(
            names = "--sender-core",
            paramLabel = "N",
            defaultValue = "0",
            description = "Core of the sender; kernel peers work there too (default ${DEFAULT-VALUE}).")
    private int senderCore;

    @Option(
            names = "--device-core",
            paramLabel = "N",
            defaultValue = "1",
            description = "Core of the device's program (default ${DEFAULT-VALUE}).")
    private int deviceCore;

    @Option(names = "--report", paramLabel = "JSON", description = "Write the result here; - for standard output.")
    private @Nullable String report;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page with plots here, and each plot as PNG beside it.")
    private @Nullable Path html;

    @Option(names = "--list", description = "Name the devices, and what is missing here to measure them.")
    private boolean list;

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            list();
            return 0;
        }
        WirePlan plan = plan();
        Machine machine = Machine.here();
        try (Progress progress = new Progress()) {
            WireFigures figures = WireBench.run(plan, progress);
            tell(machine, figures);
            return figures.breakwaterFailed() ? CommandFailure.RUN_TIME : 0;
        }
    }

    private static void list() {
        for (Device device : Device.values()) {
            System.out.println(device.id() + ": " + device.label()
                    + device.missing()
                            .map(what -> " (left out here: " + what + ")")
                            .orElse(""));
        }
    }

    private WirePlan plan() {
        List<Device> chosen = devices.isEmpty()
                ? Arrays.asList(Device.values())
                : devices.stream().map(Device::of).distinct().toList();
        Set<Measure> asked = EnumSet.copyOf(measures);
        if (quick) {
            asked.removeAll(EnumSet.of(Measure.HIGHEST, Measure.CURVE));
        }
        return new WirePlan(
                chosen,
                workloads(),
                asked,
                within("--rounds", rounds == null ? (quick ? QUICK_ROUNDS : DEFAULT_ROUNDS) : rounds, 1, 100),
                seconds(),
                rate(),
                within("--probes", probes, 0, (int) WirePlan.PROBES),
                memory,
                base(chosen),
                within("--sender-core", senderCore, 0, 1_023),
                within("--device-core", deviceCore, 0, 1_023));
    }

    private List<Workload> workloads() {
        if (!workloads.isEmpty()) {
            return workloads.stream().map(Workload::parse).distinct().toList();
        }
        return quick ? Workload.quick() : Workload.standard();
    }

    private double seconds() {
        double asked = seconds == null ? (quick ? QUICK_SECONDS : DEFAULT_SECONDS) : seconds;
        if (!(asked >= 0.1 && asked <= 60)) {
            throw CommandFailure.usage("--seconds must be 0.1 to 60, not " + asked);
        }
        return asked;
    }

    private long rate() {
        if (rate == null) {
            return Load.UNLIMITED;
        }
        if (rate < 1 || rate > MAX_RATE) {
            throw CommandFailure.usage("--rate must be 1 to " + MAX_RATE + " frames per second, not " + rate);
        }
        return rate;
    }

    private Device base(List<Device> chosen) {
        if (base != null) {
            Device named = Device.of(base);
            if (!chosen.contains(named)) {
                throw CommandFailure.usage("--base: " + base + " is not among --devices; add it there");
            }
            return named;
        }
        return chosen.contains(Device.TESTPMD_AF_XDP) ? Device.TESTPMD_AF_XDP : chosen.getFirst();
    }

    private static int within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw CommandFailure.usage(option + " must be " + least + " to " + most + ", not " + value);
        }
        return value;
    }

    private void tell(Machine machine, WireFigures figures) {
        String text = WireText.of(figures);
        if (!"-".equals(report)) {
            System.out.print(text);
            System.out.flush();
        }
        if (report != null) {
            ReportWriter.write(report, "wire", machine, new WireJson(figures, Versions.here())::write);
        }
        if (html != null) {
            HtmlReport.write(
                    html,
                    "Breakwater between namespaces",
                    machine,
                    text,
                    new ArrayList<>(new WirePlots(figures).plots()));
        }
    }
}
