package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.appliance.report.EventReport;
import io.breakwater.appliance.report.Period;
import io.breakwater.appliance.report.ReportMap;
import io.breakwater.appliance.report.ReportPage;
import io.breakwater.appliance.report.ReportText;
import io.breakwater.capture.file.CaptureWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code breakwater report}: what a log of events tells of a period. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Report attacks and what was dropped, from a log of events (events.file in the policy): as a page"
                + " with plots, for programs, or in words.")
final class ReportCommand implements Callable<Integer> {
    @Option(
            names = "--events",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "The log; what was rotated away from it (FILE.1, FILE.2.gz) is read too. - is standard input.")
    private List<String> logs = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Begin here: 2026-11-22, 2026-11-22T18:00 (UTC), or so long ago: 24h, 7day.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "End here; a day is told to its end.")
    private @Nullable String to;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PAGE",
            description = "Write a page with plots here, one HTML file that needs nothing else.")
    private @Nullable String output;

    @Option(names = "--json", description = "Tell it as one JSON object.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        Period period = period(command);
        refuseClash();
        EventReport report = EventReport.read(logs, period, System.in);
        PrintWriter err = command.commandLine().getErr();
        report.warnings().forEach(warning -> err.println("breakwater: warning: " + Plain.text(warning)));
        if (output != null) {
            write(report, output);
        }
        PrintWriter out = command.commandLine().getOut();
        out.print(json ? JsonText.write(ReportMap.of(report)) + "\n" : ReportText.of(report));
        out.flush();
        return report.isCutShort() ? CommandFailure.RUN_TIME : 0;
    }

    private Period period(CommandSpec command) {
        Instant now = Instant.now();
        try {
            return new Period(
                    from == null ? null : Period.moment(from, false, now),
                    to == null ? null : Period.moment(to, true, now));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** A page in the place of a log would destroy what the operator has. */
    private void refuseClash() {
        String clash = output == null ? null : CaptureWriter.clash(output, EventReport.inputs(logs));
        if (clash != null) {
            throw CommandFailure.usage(clash);
        }
    }

    private static void write(EventReport report, String name) {
        try {
            Files.writeString(Path.of(name), ReportPage.of(report, Instant.now()));
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage(
                    name + ": cannot be written: its folder does not exist; make it, or name another");
        } catch (IOException | InvalidPathException e) {
            throw CommandFailure.usage(name + ": cannot be written: "
                    + (e.getMessage() == null || e.getMessage().equals(name)
                            ? e.getClass().getSimpleName()
                            : e.getMessage())
                    + "; name another file");
        }
    }
}
