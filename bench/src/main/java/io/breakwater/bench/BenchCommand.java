package io.breakwater.bench;

import io.breakwater.appliance.process.FailureLines;
import io.breakwater.bench.gate.GateCommand;
import io.breakwater.bench.jcstress.JcstressCommand;
import io.breakwater.bench.jmh.JmhCommand;
import io.breakwater.bench.replay.ReplayCommand;
import io.breakwater.bench.wire.AdminLoadCommand;
import io.breakwater.bench.wire.DetectCommand;
import io.breakwater.bench.wire.WireCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code breakwater bench}: the measurements, and how errors are told. */
@Command(
        name = "breakwater bench",
        mixinStandardHelpOptions = true,
        description = "Measure Breakwater on this machine. Only ratios within one run mean something on a shared one.",
        subcommands = {
            ReplayCommand.class,
            WireCommand.class,
            DetectCommand.class,
            AdminLoadCommand.class,
            GateCommand.class,
            JmhCommand.class,
            JcstressCommand.class,
            HelpCommand.class
        },
        footer = {"", "Exit codes: 0 done, 1 failed or a gate broken, 2 usage."})
public final class BenchCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    /** Runs one command line and answers its exit code. */
    public static int execute(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        return FailureLines.on(new CommandLine(new BenchCommand()).setCaseInsensitiveEnumValuesAllowed(true));
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a measurement is missing");
    }
}
