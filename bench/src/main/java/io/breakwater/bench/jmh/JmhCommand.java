package io.breakwater.bench.jmh;

import io.breakwater.appliance.process.CommandFailure;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code breakwater bench jmh}: parts of the engine, one by one. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = "Measure parts of the engine under JMH: parser, tables one by one, classifiers with their tables,"
                + " hand-off.")
public final class JmhCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..*",
            description = "Benchmarks whose names match this regular expression (default: all).")
    private List<String> patterns = List.of();

    @Option(
            names = "-p",
            paramLabel = "NAME=VALUES",
            description = "Values of a parameter instead of its own, such as threads=1,2,3 or policy=default.")
    private List<String> parameters = List.of();

    @Override
    public Integer call() {
        ChainedOptionsBuilder options = new OptionsBuilder();
        patterns.forEach(options::include);
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.usage("-p " + parameter + " is not NAME=VALUES; such as threads=1,2,3");
            }
            options.param(
                    parameter.substring(0, equals),
                    parameter.substring(equals + 1).split(","));
        }
        try {
            new Runner(options.build()).run();
            return 0;
        } catch (NoBenchmarksException e) {
            throw CommandFailure.usage(
                    "no benchmark matches " + patterns + "; there are ParserBenchmark, LimitBenchmark, TableBenchmark,"
                            + " SolicitedBenchmark and EngineBenchmark");
        } catch (RunnerException e) {
            throw CommandFailure.atRunTime("JMH: " + e.getMessage());
        }
    }
}
