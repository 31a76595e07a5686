package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Machine;
import io.breakwater.bench.Progress;
import io.breakwater.bench.ReportWriter;
import io.breakwater.bench.Spread;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code breakwater bench detect}: how long it takes until an attack is noticed, beside FastNetMon. */
@Command(
        name = "detect",
        mixinStandardHelpOptions = true,
        description = "Measure the time from an attack's first frame until it is told of: Breakwater's event, and the"
                + " call of FastNetMon's notify script, both watching the same card at the same time. Needs root.")
public final class DetectCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 50;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            paramLabel = "N",
            description = "Attacks, 1 to 50 (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--report", paramLabel = "JSON", description = "Write the figures here; - for standard output.")
    private @Nullable String report;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--rounds must be from 1 to " + MAX_ROUNDS);
        }
        Machine machine = Machine.here();
        Map<DetectBench.Watcher, List<Double>> seconds = measured();
        String text = text(seconds);
        if (!"-".equals(report)) {
            System.out.print(machine.text() + "\n" + text);
        }
        if (report != null) {
            ReportWriter.write(report, "detect", machine, json -> {
                json.writeNumberField("attack_packets_per_s", DetectBench.ATTACK_PPS);
                json.writeNumberField("threshold_packets_per_s", DetectBench.THRESHOLD_PPS);
                json.writeNumberField("rounds", rounds);
                json.writeObjectFieldStart("seconds_to_detection");
                for (Map.Entry<DetectBench.Watcher, List<Double>> one : seconds.entrySet()) {
                    ReportWriter.spread(json, one.getKey().id(), Spread.of(one.getValue()));
                }
                json.writeEndObject();
            });
        }
        return 0;
    }

    private Map<DetectBench.Watcher, List<Double>> measured() throws InterruptedException {
        try (Progress progress = new Progress()) {
            return new DetectBench(rounds, progress).run();
        } catch (IOException e) {
            throw CommandFailure.atRunTime("detection cannot be measured here: " + e.getMessage());
        }
    }

    private static String text(Map<DetectBench.Watcher, List<Double>> seconds) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d packets/s of memcached's answers to one address, threshold %,d packets/s for all%n%n"
                        + "%-48s %8s %8s %8s%n",
                DetectBench.ATTACK_PPS,
                DetectBench.THRESHOLD_PPS,
                "seconds from the first frame to its detection",
                "median",
                "least",
                "greatest"));
        seconds.forEach((watcher, values) -> {
            Spread spread = Spread.of(values);
            text.append(String.format(
                    Locale.ROOT,
                    "%-48s %8.2f %8.2f %8.2f%n",
                    watcher.label(),
                    spread.median(),
                    spread.least(),
                    spread.greatest()));
        });
        for (DetectBench.Watcher watcher : DetectBench.Watcher.values()) {
            watcher.missing().ifPresent(why -> text.append(watcher.label() + ": left out: " + why + "\n"));
        }
        return text.toString();
    }
}
