package io.breakwater.bench.replay;

import io.breakwater.appliance.latency.HistogramLog;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Machine;
import io.breakwater.bench.Progress;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.plot.HtmlReport;
import io.breakwater.bench.traffic.CaptureTraffic;
import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.GeneratedTraffic;
import io.breakwater.bench.traffic.Tempo;
import io.breakwater.bench.traffic.TrafficMix;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code breakwater bench replay}: frames from memory through the whole pipeline. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Send frames from memory through the whole pipeline: how fast is the engine, without cards?")
public final class ReplayCommand implements Callable<Integer> {
    private static final double NS_PER_SECOND = 1e9;
    private static final double NS_PER_US = 1e3;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "CAPTURE",
            description = "A pcap or pcapng file to loop from memory, instead of generated traffic. May be repeated.")
    private List<String> inputs = List.of();

    @Option(
            names = "--traffic",
            paramLabel = "KIND",
            defaultValue = "mix",
            description = "Generated traffic: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private TrafficMix mix = TrafficMix.MIX;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "60",
            description = "Frame size without check sequence, 60 to 1514 (default ${DEFAULT-VALUE}).")
    private int sizeBytes;

    @Option(
            names = "--sources",
            paramLabel = "N",
            defaultValue = "65536",
            description = "Different outside addresses (default ${DEFAULT-VALUE}).")
    private int sources;

    @Option(
            names = "--vectors",
            paramLabel = "NAMES",
            split = ",",
            defaultValue = "memcached",
            description = "Vectors that the attack uses, separated by commas (default ${DEFAULT-VALUE}).")
    private List<String> vectors = List.of();

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            defaultValue = BenchPolicy.DEFAULT,
            description = "default, memcached-only, or a policy file. Repeated: measured in turn, and compared.")
    private List<String> policies = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads of the pipeline, 1 to 3 (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "Runs (default ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--frames",
            paramLabel = "N",
            defaultValue = "0",
            description = "Frames of a run, instead of --seconds.")
    private long framesPerRun;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2",
            description = "Length of a run (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "3",
            description = "How long each policy runs unmeasured first (default ${DEFAULT-VALUE}).")
    private double warmUpSeconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Frames per second (default: as fast as the pipeline takes them).")
    private @Nullable Long framesPerSecond;

    @Option(names = "--recorded", description = "Send the frames at the speed at which they were recorded.")
    private boolean recorded;

    @Option(names = "--report", paramLabel = "JSON", description = "Write the result here; - for standard output.")
    private @Nullable String report;

    @Option(names = "--hlog", paramLabel = "FILE", description = "Write latency histograms here, one a run.")
    private @Nullable Path histogramLog;

    @Option(
            names = "--hgrm",
            paramLabel = "FILE",
            description =
                    "Write the distribution of latencies here, in microseconds; of several policies one file each.")
    private @Nullable Path distribution;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page with plots here, and each plot as PNG beside it.")
    private @Nullable Path html;

    @Override
    public Integer call() throws InterruptedException {
        checkArguments();
        Machine machine = Machine.here();
        List<BenchPolicy> compared = policies.stream().map(BenchPolicy::of).toList();
        try (FrameSet frames = traffic();
                Progress progress = new Progress()) {
            ReplayBench bench = new ReplayBench(
                    compared,
                    frames,
                    threads,
                    tempo(),
                    runs,
                    framesPerRun,
                    Math.round(seconds * NS_PER_SECOND),
                    Math.round(warmUpSeconds * NS_PER_SECOND));
            tell(machine, new ReplayReport(trafficName(), threads, bench.run(progress)));
        }
        return 0;
    }

    private void checkArguments() {
        require(threads >= 1 && threads <= 3, "--threads must be 1, 2 or 3, not " + threads);
        require(runs >= 1 && runs <= 1_000, "--runs must be 1 to 1000, not " + runs);
        require(
                framesPerSecond == null || framesPerSecond >= 1 && framesPerSecond <= 1_000_000_000,
                "--rate must be 1 to 1000000000 frames per second, not " + framesPerSecond);
        require(framesPerSecond == null || !recorded, "--rate and --recorded exclude each other; give one of them");
        require(framesPerRun >= 0, "--frames must be 1 or more, not " + framesPerRun);
        require(seconds >= 0.01 && seconds <= 3_600, "--seconds must be 0.01 to 3600, not " + seconds);
        require(
                warmUpSeconds >= 0.01 && warmUpSeconds <= 3_600,
                "--warm-up must be 0.01 to 3600, not " + warmUpSeconds);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw CommandFailure.usage(otherwise);
        }
    }

    private Tempo tempo() {
        if (recorded) {
            return Tempo.RECORDED;
        }
        return framesPerSecond == null ? Tempo.FULL : Tempo.even(framesPerSecond);
    }

    private FrameSet traffic() {
        return inputs.isEmpty()
                ? new GeneratedTraffic(mix, sizeBytes, sources, GeneratedTraffic.vectors(vectors)).generate()
                : CaptureTraffic.load(inputs);
    }

    private String trafficName() {
        if (!inputs.isEmpty()) {
            return inputs.size() == 1
                    ? String.valueOf(Path.of(inputs.getFirst()).getFileName())
                    : inputs.size() + " captures";
        }
        String attack = mix == TrafficMix.LEGITIMATE ? "" : " (" + String.join(", ", vectors) + ")";
        return String.format(
                Locale.ROOT,
                "%s%s, %d bytes, %,d sources",
                mix.name().toLowerCase(Locale.ROOT),
                attack,
                sizeBytes,
                sources);
    }

    private void tell(Machine machine, ReplayReport result) {
        if (!"-".equals(report)) {
            System.out.print(result.text());
            System.out.flush();
        }
        if (report != null) {
            ReportWriter.write(report, "replay", machine, result::write);
        }
        if (histogramLog != null) {
            writeHistograms(histogramLog, result);
        }
        if (distribution != null) {
            writeDistributions(distribution, result);
        }
        if (html != null) {
            HtmlReport.write(html, "Breakwater's engine from memory", machine, result.text(), result.plots());
        }
    }

    private static void writeDistributions(Path file, ReplayReport result) {
        for (PolicyFigures figures : result.figures()) {
            Path one = result.figures().size() == 1 ? file : beside(file, figures.policy());
            try (PrintStream out = new PrintStream(Files.newOutputStream(one), false, StandardCharsets.UTF_8)) {
                figures.latency().outputPercentileDistribution(out, NS_PER_US);
                if (out.checkError()) {
                    throw new IOException("is the disk full?");
                }
            } catch (IOException e) {
                throw CommandFailure.atRunTime(
                        one + ": the distribution cannot be written (" + e.getMessage() + "); choose another place");
            }
        }
    }

    /** {@code latency.hgrm} becomes {@code latency-default.hgrm}. */
    private static Path beside(Path file, String policy) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        return file.resolveSibling(
                name.substring(0, dot) + "-" + Path.of(policy).getFileName() + name.substring(dot));
    }

    private static void writeHistograms(Path file, ReplayReport result) {
        try (HistogramLog log = new HistogramLog(file)) {
            for (PolicyFigures figures : result.figures()) {
                long atMs = log.startMs();
                for (Window window : figures.windows()) {
                    long endMs = atMs + window.ns() / 1_000_000;
                    log.write(Path.of(figures.policy()).getFileName().toString(), window.latency(), atMs, endMs);
                    atMs = endMs;
                }
            }
            if (log.failed()) {
                throw CommandFailure.atRunTime(file + ": the histogram log cannot be written; is the disk full?");
            }
        } catch (IOException e) {
            throw CommandFailure.atRunTime(
                    file + ": the histogram log cannot be written (" + e.getMessage() + "); choose another place");
        }
    }
}
