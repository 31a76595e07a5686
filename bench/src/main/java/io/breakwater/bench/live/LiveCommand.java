package io.breakwater.bench.live;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Machine;
import io.breakwater.bench.Progress;
import io.breakwater.bench.ReportWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code breakwater bench live}: what the box forwards between two namespaces. */
@Command(
        name = "live",
        mixinStandardHelpOptions = true,
        description = "Forward between network namespaces: Breakwater's pcap port against a bare pcap4j loop, in turn."
                + " Needs root.")
public final class LiveCommand implements Callable<Integer> {
    @Option(
            names = "--sizes",
            paramLabel = "BYTES",
            split = ",",
            defaultValue = "60,1400",
            description = "Frame sizes without check sequence, 60 to 1514 (default ${DEFAULT-VALUE}).")
    private List<Integer> sizesBytes = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Turns of each (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "4",
            description = "Length of each measurement, behind a ramp of 2 s (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Frames per second offered at most (default: as many as the sender can).")
    private long framesPerSecond;

    @Option(names = "--bridge", description = "Measure a plain Linux bridge as well.")
    private boolean bridge;

    @Option(names = "--report", paramLabel = "JSON", description = "Write the result here; - for standard output.")
    private @Nullable String report;

    @Override
    public Integer call() throws InterruptedException {
        checkArguments();
        List<Device> devices =
                new ArrayList<>(List.of(Device.BARE_LOOP, Device.BREAKWATER_MEMCACHED, Device.BREAKWATER_DEFAULT));
        if (bridge) {
            devices.add(Device.BRIDGE);
        }
        Machine machine = Machine.here();
        LiveBench bench = new LiveBench(devices, sizesBytes, rounds, seconds, framesPerSecond);
        try (Progress progress = new Progress()) {
            LiveFigures figures = new LiveFigures(bench, bench.run(progress));
            if (!"-".equals(report)) {
                System.out.print(figures.text());
                System.out.flush();
            }
            if (report != null) {
                ReportWriter.write(report, "live", machine, figures::write);
            }
        }
        return 0;
    }

    private void checkArguments() {
        require(
                sizesBytes.stream().allMatch(size -> size >= 60 && size <= 1_514),
                "--sizes must be 60 to 1514 bytes each, not " + sizesBytes);
        require(rounds >= 1 && rounds <= 100, "--rounds must be 1 to 100, not " + rounds);
        require(seconds >= 1 && seconds <= 60, "--seconds must be 1 to 60, not " + seconds);
        require(framesPerSecond >= 0, "--rate must be 0 or more, not " + framesPerSecond);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw CommandFailure.usage(otherwise);
        }
    }
}
