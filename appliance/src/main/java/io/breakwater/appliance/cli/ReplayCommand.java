package io.breakwater.appliance.cli;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.replay.Replay;
import io.breakwater.engine.frame.Lane;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code breakwater replay}: a capture through the very same pipeline, offline. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Send captures through the filter, offline: no root, no cards.")
final class ReplayCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The policy file; without it, the built-in default policy.")
    private @Nullable Path policyFile;

    @Option(
            names = {"-i", "--input"},
            required = true,
            paramLabel = "IN",
            description = "A pcap or pcapng file, or - for standard input. May be repeated: one after the other.")
    private List<String> inputs = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PASSED",
            description = "Write forwarded frames here, byte for byte with their time stamps.")
    private @Nullable String passed;

    @Option(names = "--dropped", paramLabel = "OUT", description = "Write dropped frames here.")
    private @Nullable String dropped;

    @Option(
            names = "--report",
            paramLabel = "JSON",
            description = "Write the report here as JSON; - for standard output.")
    private @Nullable String report;

    @Option(names = "--hlog", paramLabel = "FILE", description = "Write the latency histogram here (HdrHistogram log).")
    private @Nullable Path histogramLog;

    @Option(
            names = "--lane",
            paramLabel = "LANE",
            converter = LaneName.class,
            description = "Force one lane for all frames: inbound or outbound. Without it, a frame whose source is"
                    + " protected is outbound.")
    private @Nullable Lane lane;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "1, 2 or 3 threads (default ${DEFAULT-VALUE}); the verdicts are the same.")
    private int threads;

    /** The lanes as users write them. */
    static final class LaneName implements ITypeConverter<Lane> {
        @Override
        public Lane convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "inbound" -> Lane.INBOUND;
                case "outbound" -> Lane.OUTBOUND;
                default -> throw new TypeConversionException("'" + value + "' is no lane: inbound or outbound");
            };
        }
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        if (threads < 1 || threads > 3) {
            throw new ParameterException(command.commandLine(), "--threads must be 1, 2 or 3, not " + threads);
        }
        Configuration configuration = policyFile == null
                ? Configuration.builtIn()
                : PolicyLoading.load(
                        policyFile, LoadOptions.replay(), command.commandLine().getErr());
        Replay.Request request = new Replay.Request(
                configuration.policy(), policyFile, inputs, passed, dropped, report, histogramLog, lane, threads);
        return new Replay(request, System.in, System.out, System.err).run();
    }
}
