package io.breakwater.bench.replay;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.Progress;
import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.Tempo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures policies on the same frames in turn, A B A B: after a warm-up of each, so many runs of each.
 *
 * @param policies at least one
 * @param frames to be sent again and again
 * @param threads of the pipeline, 1 to 3
 * @param tempo at which the frames are sent
 * @param runs measured windows of each policy
 * @param framesPerRun frames of a window; 0: as many as {@code runNs} takes
 * @param runNs length of a window if its frames are not given
 * @param warmUpNs how long each policy runs unmeasured
 */
public record ReplayBench(
        List<BenchPolicy> policies,
        FrameSet frames,
        int threads,
        Tempo tempo,
        int runs,
        long framesPerRun,
        long runNs,
        long warmUpNs) {
    public ReplayBench {
        policies = List.copyOf(policies);
    }

    /** Measures. */
    public List<PolicyFigures> run(Progress progress) throws InterruptedException {
        try (SafepointLog safepoints = SafepointLog.open()) {
            return run(progress, safepoints);
        } catch (IOException | UncheckedIOException e) {
            throw CommandFailure.atRunTime("pauses cannot be told: " + e.getMessage());
        }
    }

    private List<PolicyFigures> run(Progress progress, SafepointLog safepoints) throws InterruptedException {
        List<EngineRun> engines = policies.stream()
                .map(policy -> new EngineRun(policy, frames, threads, tempo, safepoints))
                .toList();
        List<List<Window>> windows = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            progress.step("warm-up", policies.get(i).name(), engines.get(i)::framesDone);
            engines.get(i).lasting(warmUpNs);
            windows.add(new ArrayList<>());
        }
        for (int run = 1; run <= runs; run++) {
            for (int i = 0; i < engines.size(); i++) {
                EngineRun engine = engines.get(i);
                progress.step("run " + run + "/" + runs, policies.get(i).name(), engine::framesDone);
                windows.get(i).add(framesPerRun > 0 ? engine.frames(framesPerRun) : engine.lasting(runNs));
            }
        }
        progress.clear();
        List<PolicyFigures> figures = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            figures.add(new PolicyFigures(policies.get(i).name(), windows.get(i)));
        }
        return figures;
    }
}
