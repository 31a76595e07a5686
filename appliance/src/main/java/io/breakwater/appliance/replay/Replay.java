package io.breakwater.appliance.replay;

import io.breakwater.appliance.attack.SeenAttack;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.appliance.process.HeapRoom;
import io.breakwater.appliance.process.Signals;
import io.breakwater.capture.file.CaptureException;
import io.breakwater.capture.file.CaptureSource;
import io.breakwater.capture.file.CaptureWriter;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.FrameObserver;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.pipeline.PipelineSettings;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One replay: captures in, verdicts out, through the pipeline that also serves cards.
 *
 * <p>What was read is always processed, written and reported, also when an input is cut short or a signal ends the run.
 */
public final class Replay {
    /** Exit code of a run that did all that was asked. */
    private static final int DONE = 0;

    private static final Duration PROGRESS_PERIOD = Duration.ofMillis(50);

    private final Request request;
    private final InputStream standardInput;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * What is asked for.
     *
     * @param policyFile where the policy stands, which no output may replace; null = built in
     * @param inputs captures in order; {@code -} is standard input
     * @param passed file for forwarded frames
     * @param dropped file for dropped frames
     * @param report file for the JSON report; {@code -} is standard output
     * @param histogramLog file for the latency histogram
     * @param lane forced for all frames; null = by source address
     * @param threads 1 to 3
     */
    public record Request(
            Policy policy,
            @Nullable Path policyFile,
            List<String> inputs,
            @Nullable String passed,
            @Nullable String dropped,
            @Nullable String report,
            @Nullable Path histogramLog,
            @Nullable Lane lane,
            int threads) {
        public Request {
            inputs = List.copyOf(inputs);
        }
    }

    public Replay(Request request, InputStream standardInput, PrintStream out, PrintStream err) {
        this.request = request;
        this.standardInput = standardInput;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs to the end of the last input, or to a signal.
     *
     * @return 0, or 1 if something failed on the way (it was told on stderr)
     * @throws CommandFailure if nothing could be started
     */
    public int run() {
        refuseClashes();
        HeapRoom.require(request.policy(), 1);
        try (CaptureSource source = open();
                ReportFiles reports = new ReportFiles(request.report(), request.histogramLog())) {
            return process(source, reports);
        }
    }

    /**
     * An output that is an input or the policy, or two outputs in one file, would destroy what the user has; and so would one that
     * is emptied before another turns out to have no place.
     */
    private void refuseClashes() {
        List<String> taken = new ArrayList<>(request.inputs());
        if (request.policyFile() != null) {
            taken.add(request.policyFile().toString());
        }
        for (String output : outputs()) {
            if (output.equals(ReportFiles.STANDARD_OUTPUT)) {
                throw CommandFailure.usage("frames cannot be written to -: standard output is for the report; name a"
                        + " file, or a FIFO that another program reads");
            }
            String clash = CaptureWriter.clash(output, taken);
            if (clash != null) {
                throw CommandFailure.usage(clash);
            }
            ReportFiles.requirePlace(output);
            taken.add(output);
        }
    }

    private List<String> outputs() {
        List<String> outputs = new ArrayList<>();
        if (request.passed() != null) {
            outputs.add(request.passed());
        }
        if (request.dropped() != null) {
            outputs.add(request.dropped());
        }
        if (request.report() != null && !request.report().equals(ReportFiles.STANDARD_OUTPUT)) {
            outputs.add(request.report());
        }
        if (request.histogramLog() != null) {
            outputs.add(request.histogramLog().toString());
        }
        return outputs;
    }

    private CaptureSource open() {
        try {
            return CaptureSource.open(request.inputs(), standardInput);
        } catch (CaptureException e) {
            throw CommandFailure.usage(String.join("\n", e.problems()));
        }
    }

    private int process(CaptureSource source, ReportFiles reports) {
        List<String> failures = new ArrayList<>();
        if (LargestFrame.isGuessed(request.policy(), request.inputs())) {
            err.println(
                    "breakwater: warning: how large a stream's frames are is not known beforehand: buckets of bits hold "
                            + LargestFrame.UNKNOWN_BYTES + " bytes at least; replay a file to see what less does");
        }
        PairEngine.Setup setup = PairEngine.Setup.replay(LargestFrame.of(request.policy(), request.inputs()));
        PairEngine engine = new PairEngine(request.policy(), new Reasons(), setup);
        CaptureWriter passed = create(request.passed(), source);
        CaptureWriter dropped = create(request.dropped(), source);
        Pipeline pipeline = pipeline(engine, source, passed, dropped, failures);
        long startNs = System.nanoTime();
        SeenAttack.Collection attacks = new SeenAttack.Collection();
        boolean stopped = drive(pipeline, engine, source, attacks);
        ReplayReport report = ReplayReport.of(engine, attacks.attacks(), Duration.ofNanos(System.nanoTime() - startNs));
        close(passed, failures);
        close(dropped, failures);
        IOException failure = pipeline.failure();
        if (failure != null) {
            failures.add(String.valueOf(failure.getMessage()));
        }
        if (stopped) {
            failures.add("stopped by a signal; what was read until then is written and reported");
        }
        source.warnings().forEach(warning -> err.println("breakwater: warning: " + warning));
        if (failure instanceof CaptureException unread && unread.isNoCapture()) {
            throw CommandFailure.usage(String.join("\n", unread.problems()));
        }
        reports.write(report, out, failures);
        failures.forEach(line -> err.println("breakwater: " + line));
        return failures.isEmpty() ? DONE : CommandFailure.RUN_TIME;
    }

    private static @Nullable CaptureWriter create(@Nullable String output, CaptureSource source) {
        if (output == null) {
            return null;
        }
        try {
            return CaptureWriter.create(output, source);
        } catch (CaptureException e) {
            throw CommandFailure.usage(String.join("\n", e.problems()));
        }
    }

    private Pipeline pipeline(
            PairEngine engine,
            CaptureSource source,
            @Nullable CaptureWriter passed,
            @Nullable CaptureWriter dropped,
            List<String> failures) {
        FrameSink sink = passed == null ? new Discard() : passed;
        FrameObserver observer = dropped == null ? (slot, reason) -> {} : new WriteDropped(dropped);
        Lanes lanes = request.lane() == null
                ? Lanes.bySource(engine.filter(Lane.INBOUND), engine.filter(Lane.OUTBOUND))
                : Lanes.only(engine.filter(request.lane()));
        return new Pipeline(
                PipelineSettings.replay(request.threads()),
                source,
                lanes,
                new Pipeline.Egress(sink, engine.counters(Lane.INBOUND), engine.latency(Lane.INBOUND)),
                new Pipeline.Egress(sink, engine.counters(Lane.OUTBOUND), engine.latency(Lane.OUTBOUND)),
                observer,
                new Failures(failures));
    }

    /** Waits for the end, drawing progress; a signal ends the run early but lets it finish what was read. */
    private boolean drive(Pipeline pipeline, PairEngine engine, CaptureSource source, SeenAttack.Collection attacks) {
        Progress progress = new Progress(out, () -> frames(engine), () -> share(source));
        AtomicBoolean interrupted = new AtomicBoolean();
        Signals.onStop(() -> {
            interrupted.set(true);
            pipeline.requestStop();
        });
        pipeline.start();
        try {
            while (!pipeline.awaitEnd(PROGRESS_PERIOD)) {
                progress.update();
                engine.pollAttacks(attacks::add);
            }
            engine.finishAttacks();
            engine.pollAttacks(attacks::add);
        } catch (InterruptedException e) {
            pipeline.requestStop();
            Thread.currentThread().interrupt();
        }
        progress.clear();
        return interrupted.get();
    }

    private static long frames(PairEngine engine) {
        return engine.counters(Lane.INBOUND).receivedFrames()
                + engine.counters(Lane.OUTBOUND).receivedFrames();
    }

    private static double share(CaptureSource source) {
        long total = source.bytesTotal();
        return total <= 0 ? -1 : (double) source.bytesRead() / total;
    }

    private static void close(@Nullable CaptureWriter writer, List<String> failures) {
        if (writer == null) {
            return;
        }
        try {
            writer.close();
        } catch (IOException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }

    /** Where forwarded frames go when nobody wants them. */
    private static final class Discard implements FrameSink {
        @Override
        public String name() {
            return "nowhere";
        }

        @Override
        public boolean send(FrameSlot slot) {
            return true;
        }
    }

    /** Dropped frames into a capture of their own. */
    private record WriteDropped(CaptureWriter writer) implements FrameObserver {
        @Override
        public void onSettled(FrameSlot slot, int reason) {
            if (reason != 0) {
                writer.send(slot);
            }
        }
    }

    /** Internal errors become lines of the run's end. */
    private record Failures(List<String> lines) implements EngineEvents {
        @Override
        public void onInternalError(String stage, Throwable cause) {
            add("internal error in " + stage + ": " + cause + "; please report it with the capture");
        }

        @Override
        public void onTooManyInternalErrors() {
            add("more than ten internal errors within a second: stopped");
        }

        private void add(String line) {
            synchronized (lines) {
                lines.add(line);
            }
        }
    }
}
