package io.breakwater.bench.wire;

import io.breakwater.appliance.Breakwater;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Machine;
import io.breakwater.bench.Progress;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.Spread;
import io.breakwater.bench.nativeaccess.BpfProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code breakwater bench admin-load}: what it costs the data path to be asked much.
 *
 * <p>One gateway between namespaces forwards all it can, in turn asked by nobody and by everybody; a round is one of each,
 * so that what else the machine does hits both.
 */
@Command(
        name = "admin-load",
        mixinStandardHelpOptions = true,
        description = "Measure what the data path loses while metrics are scraped and consoles listen. Needs root.")
public final class AdminLoadCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 100;
    /**
     * Of one load that the gateway is warmed up with: the compilers share its core, and would be what is measured. The admin
     * side is warm when they take less than {@link #COMPILERS_CORES} of a core while it is asked {@link #WARM_UP_FACTOR} times
     * as much as later, or after {@link #MOST_WARM_UPS} such loads.
     */
    private static final double WARM_UP_SECONDS = 6;

    private static final int WARM_UP_FACTOR = 10;
    private static final int MOST_WARM_UPS = 4;
    private static final double COMPILERS_CORES = 0.02;
    private static final double RAMP_SECONDS = 0.5;
    private static final int SOURCES = 65_536;
    private static final int FRAME_BYTES = 60;
    private static final int FILTER_CORE = 0;
    private static final int SENDER_CORE = 1;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            paramLabel = "N",
            description = "With and without, 1 to 100 (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            paramLabel = "S",
            description = "Each, 1 to 60 (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--scrapes",
            defaultValue = "100",
            paramLabel = "N",
            description = "Scrapes a second, 1 to 1000 (default ${DEFAULT-VALUE}).")
    private int scrapes;

    @Option(
            names = "--streams",
            defaultValue = "50",
            paramLabel = "N",
            description = "Streams of events, 0 to 60 (default ${DEFAULT-VALUE}).")
    private int streams;

    @Option(
            names = "--backend",
            defaultValue = "pcap",
            paramLabel = "BACKEND",
            description = "pcap or xdp (default ${DEFAULT-VALUE}).")
    private String backend = "pcap";

    @Option(
            names = "--cores",
            defaultValue = "2",
            paramLabel = "N",
            description =
                    "Cores of the gateway: with 2 all but its lanes, which stay on one, may use the sender's core too; with 1 they"
                            + " share the lanes' (default ${DEFAULT-VALUE}).")
    private int cores;

    @Option(names = "--report", paramLabel = "JSON", description = "Write the figures here; - for standard output.")
    private @Nullable String report;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<Double> alone = new ArrayList<>();
    private final List<Double> asked = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();
    private final List<Double> served = new ArrayList<>();
    private final List<Double> longest = new ArrayList<>();
    private final List<Double> waitedAlone = new ArrayList<>();
    private final List<Double> waitedAsked = new ArrayList<>();
    private final List<Double> cpuRatios = new ArrayList<>();
    private final List<Double> sideAlone = new ArrayList<>();
    private final List<Double> sideAsked = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        require(rounds >= 1 && rounds <= MAX_ROUNDS, "--rounds must be from 1 to " + MAX_ROUNDS);
        require(seconds >= 1 && seconds <= 60, "--seconds must be from 1 to 60");
        require(scrapes >= 1 && scrapes <= 1_000, "--scrapes must be from 1 to 1000");
        require(streams >= 0 && streams <= 60, "--streams must be from 0 to 60");
        require(cores == 1 || cores == 2, "--cores must be 1 or 2");
        require(backend.equals("pcap") || backend.equals("xdp"), "--backend must be pcap or xdp");
        Machine machine = Machine.here();
        try (Progress progress = new Progress()) {
            measure(progress);
        } catch (IOException e) {
            throw CommandFailure.atRunTime("the load of the admin side cannot be measured here: " + e.getMessage());
        }
        tell(machine);
        return 0;
    }

    private void require(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), otherwise);
        }
    }

    private void measure(Progress progress) throws IOException, InterruptedException {
        try (Testbed bed = Testbed.build();
                Running gateway = gateway(bed);
                BpfProgram _ = Line.openForBatches(bed.netns(Testbed.GATEWAY), Testbed.OUTSIDE);
                Line line = Line.lay(bed, Testbed.SENDER_CARD, Testbed.SINK_CARD, SENDER_CORE)) {
            // What scrapers and listeners cost must not be taken from the gateway.
            Affinity.ofThisProcess(String.valueOf(SENDER_CORE));
            if (cores == 2) {
                GatewayThreads.letBesideRunOn(FILTER_CORE + "," + SENDER_CORE, gateway);
            }
            progress.step("warm-up", backend, () -> line.sink().frames(Mark.LEGITIMATE));
            warmUp(bed, line, gateway);
            for (int round = 0; round < rounds; round++) {
                progress.step(
                        "round",
                        (round + 1) + " of " + rounds,
                        () -> line.sink().frames(Mark.LEGITIMATE));
                boolean askedFirst = round % 2 == 1;
                Seen first = askedFirst ? whileAsked(bed, line, seconds, gateway) : delivered(line, seconds, gateway);
                Seen second = askedFirst ? delivered(line, seconds, gateway) : whileAsked(bed, line, seconds, gateway);
                keep(askedFirst ? second : first, askedFirst ? first : second);
                gateway.requireAlive();
            }
        }
    }

    private void warmUp(Testbed bed, Line line, Running gateway) throws IOException, InterruptedException {
        delivered(line, WARM_UP_SECONDS, gateway);
        double compiling = 1;
        for (int turn = 0; turn < MOST_WARM_UPS && compiling > COMPILERS_CORES; turn++) {
            double before = CpuTimes.ofCompilers(gateway);
            try (Askers askers = new Askers(bed.netns(Testbed.GATEWAY), WARM_UP_FACTOR * scrapes, streams)) {
                sleep(WARM_UP_SECONDS);
                askers.requireServed();
            }
            compiling = (CpuTimes.ofCompilers(gateway) - before) / WARM_UP_SECONDS;
        }
        whileAsked(bed, line, WARM_UP_SECONDS, gateway);
    }

    /**
     * What was seen of one load.
     *
     * @param framesPerSecond that reached the sink
     * @param framesPerCpuSecond that reached the sink in each second of processor time that the lanes had
     * @param waited of the time in which the lanes could have run and something else did, 0 to 1
     * @param side what the gateway's threads beside the data path took of a core, 0 to 1
     * @param scrapesPerSecond answered
     * @param longestSeconds that an answer took
     */
    private record Seen(
            double framesPerSecond,
            double framesPerCpuSecond,
            double waited,
            double side,
            double scrapesPerSecond,
            double longestSeconds) {}

    private void keep(Seen quiet, Seen busy) {
        alone.add(quiet.framesPerSecond());
        asked.add(busy.framesPerSecond());
        ratios.add(busy.framesPerSecond() / quiet.framesPerSecond());
        waitedAlone.add(quiet.waited());
        waitedAsked.add(busy.waited());
        cpuRatios.add(busy.framesPerCpuSecond() / quiet.framesPerCpuSecond());
        sideAlone.add(quiet.side());
        sideAsked.add(busy.side());
        served.add(busy.scrapesPerSecond());
        longest.add(busy.longestSeconds());
    }

    private Running gateway(Testbed bed) throws IOException, InterruptedException {
        bed.runIn(Testbed.GATEWAY, "ip", "link", "set", "lo", "up");
        Path policy = bed.scratch().resolve("policy.yaml");
        Files.writeString(
                policy,
                "pairs: [{name: bench, outside: " + Testbed.OUTSIDE + ", inside: " + Testbed.INSIDE + ", backend: "
                        + backend + ", shield: off}]\nprotected: [" + Frames.PROTECTED + "]\n");
        String state = bed.scratch().resolve("state").toString();
        return Child.java(
                bed,
                FILTER_CORE,
                "are joined",
                Breakwater.class,
                List.of("run", "-c", policy.toString(), "--state-dir", state));
    }

    /** What reaches the sink while the sender gives all it has. */
    private Seen delivered(Line line, double duringSeconds, Running gateway) throws IOException, InterruptedException {
        line.settle();
        long boundNs = (long) ((RAMP_SECONDS + duringSeconds + 1) * 1e9);
        line.generator().start(new Load(Mix.LEGITIMATE, FRAME_BYTES, SOURCES, Load.UNLIMITED, 0, boundNs));
        sleep(RAMP_SECONDS);
        long startNs = System.nanoTime();
        GatewayThreads threadsBefore = GatewayThreads.of(gateway);
        long before = line.sink().frames(Mark.LEGITIMATE);
        sleep(duringSeconds);
        double passed = (System.nanoTime() - startNs) / 1e9;
        double frames = line.sink().frames(Mark.LEGITIMATE) - before;
        GatewayThreads threads = GatewayThreads.of(gateway).since(threadsBefore);
        line.generator().stop();
        return new Seen(
                frames / passed,
                frames / threads.forwardingSeconds(),
                threads.waitingSeconds() / passed,
                threads.besideSeconds() / passed,
                0,
                0);
    }

    private Seen whileAsked(Testbed bed, Line line, double duringSeconds, Running gateway)
            throws IOException, InterruptedException {
        try (Askers askers = new Askers(bed.netns(Testbed.GATEWAY), scrapes, streams)) {
            sleep(RAMP_SECONDS);
            long startNs = System.nanoTime();
            Seen seen = delivered(line, duringSeconds, gateway);
            double answered = askers.scrapes() * 1e9 / (System.nanoTime() - startNs);
            askers.requireServed();
            return new Seen(
                    seen.framesPerSecond(),
                    seen.framesPerCpuSecond(),
                    seen.waited(),
                    seen.side(),
                    answered,
                    askers.longestSeconds());
        }
    }

    private static void sleep(double duringSeconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (duringSeconds * 1e9));
    }

    private void tell(Machine machine) {
        if (!"-".equals(report)) {
            System.out.print(machine.text() + "\n");
            line("frames/s forwarded, asked by nobody", Spread.of(alone), 0);
            line("the same, " + scrapes + " scrapes/s and " + streams + " streams", Spread.of(asked), 0);
            line("scrapes/s answered", Spread.of(served), 0);
            line("s until an answer, the longest of each round", Spread.of(longest), 3);
            line("of the time the lanes waited, asked by nobody", Spread.of(waitedAlone), 3);
            line("the same, asked", Spread.of(waitedAsked), 3);
            line("frames by the lanes' processor time, with by without", Spread.of(cpuRatios), 3);
            line("of a core beside the data path, asked by nobody", Spread.of(sideAlone), 3);
            line("the same, asked", Spread.of(sideAsked), 3);
            line("with by without, each round", Spread.of(ratios), 3);
        }
        if (report != null) {
            ReportWriter.write(report, "admin-load", machine, json -> {
                json.writeStringField("backend", backend);
                json.writeNumberField("gateway_cores", cores);
                json.writeNumberField("rounds", rounds);
                json.writeNumberField("seconds", seconds);
                json.writeNumberField("scrapes_per_s", scrapes);
                json.writeNumberField("streams", streams);
                ReportWriter.spread(json, "frames_per_s_alone", Spread.of(alone));
                ReportWriter.spread(json, "frames_per_s_asked", Spread.of(asked));
                ReportWriter.spread(json, "scrapes_per_s_answered", Spread.of(served));
                ReportWriter.spread(json, "longest_answer_s", Spread.of(longest));
                ReportWriter.spread(json, "lanes_waited_alone", Spread.of(waitedAlone));
                ReportWriter.spread(json, "lanes_waited_asked", Spread.of(waitedAsked));
                ReportWriter.spread(json, "frames_per_lane_cpu_ratio", Spread.of(cpuRatios));
                ReportWriter.spread(json, "side_threads_alone", Spread.of(sideAlone));
                ReportWriter.spread(json, "side_threads_asked", Spread.of(sideAsked));
                ReportWriter.spread(json, "ratio", Spread.of(ratios));
            });
        }
    }

    private static void line(String what, Spread spread, int digits) {
        String number = "%,14." + digits + "f";
        System.out.println(String.format(
                Locale.ROOT,
                "%-53s" + number + "  (" + number.replace("14", "") + " to " + number.replace("14", "") + ")",
                what,
                spread.median(),
                spread.least(),
                spread.greatest()));
    }
}
