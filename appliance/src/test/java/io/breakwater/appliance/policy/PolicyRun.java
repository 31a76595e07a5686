package io.breakwater.appliance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.pipeline.PipelineSettings;
import io.breakwater.engine.pipeline.SlotWriter;
import io.breakwater.engine.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Frames through the pipeline of replay under a policy file. */
final class PolicyRun implements EngineEvents {
    private final PairEngine engine;
    private final List<String> verdicts = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    private PolicyRun(Policy policy) {
        this.engine = new PairEngine(policy, new Reasons(), PairEngine.Setup.REPLAY);
    }

    /** Runs to the end; {@code lane} null = by source address. */
    static PolicyRun of(String yaml, @Nullable Lane lane, List<CapturedFrame> frames) throws InterruptedException {
        PolicyRun run = new PolicyRun(read(yaml));
        Lanes lanes = lane == null
                ? Lanes.bySource(run.engine.filter(Lane.INBOUND), run.engine.filter(Lane.OUTBOUND))
                : Lanes.only(run.engine.filter(lane));
        Pipeline pipeline = new Pipeline(
                PipelineSettings.replay(1),
                source(frames),
                lanes,
                run.egress(Lane.INBOUND),
                run.egress(Lane.OUTBOUND),
                (slot, reason) -> run.verdicts.add(
                        reason == 0 ? Sentence.FORWARD : run.engine.reasons().name(reason)),
                run);
        pipeline.start();
        pipeline.awaitEnd();
        assertThat(run.errors).isEmpty();
        assertThat(run.verdicts).hasSameSizeAs(frames);
        return run;
    }

    static Policy read(String yaml) {
        PolicyResult result = PolicyFile.parse("policy.yaml", yaml, LoadOptions.replay());
        if (result instanceof PolicyResult.Refused refused) {
            throw new AssertionError(refused.problems().toString());
        }
        return ((PolicyResult.Accepted) result).configuration().policy();
    }

    /** What became of each frame, in order. */
    List<String> verdicts() {
        return verdicts;
    }

    /** What would have been dropped, by reason, both lanes. */
    Map<String, Long> wouldDrop() {
        Map<String, Long> counts = new TreeMap<>();
        for (Lane lane : Lane.values()) {
            for (int id = 1; id < engine.reasons().size(); id++) {
                long count = engine.counters(lane).wouldDropFrames(id);
                if (count > 0) {
                    counts.merge(engine.reasons().name(id), count, Long::sum);
                }
            }
        }
        return counts;
    }

    private Pipeline.Egress egress(Lane lane) {
        FrameSink sink = new FrameSink() {
            @Override
            public String name() {
                return "nowhere";
            }

            @Override
            public boolean send(FrameSlot slot) {
                return true;
            }
        };
        return new Pipeline.Egress(sink, engine.counters(lane), engine.latency(lane));
    }

    private static FrameSource source(List<CapturedFrame> frames) {
        return new FrameSource() {
            private int next;

            @Override
            public String name() {
                return "memory";
            }

            @Override
            public int poll(SlotWriter slots, int limit) {
                if (next == frames.size()) {
                    return END;
                }
                int read = 0;
                FrameSlot slot = slots.tryClaim();
                while (slot != null) {
                    CapturedFrame frame = frames.get(next++);
                    slot.wrap(
                            frame.bytes(),
                            0,
                            frame.captured(),
                            (int) frame.bytes().byteSize(),
                            frame.linkLayer(),
                            frame.stampNs());
                    read++;
                    slot = read < limit && next < frames.size() ? slots.tryClaim() : null;
                }
                return read;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void onInternalError(String stage, Throwable cause) {
        errors.add(cause);
    }

    @Override
    public void onTooManyInternalErrors() {
        errors.add(new AssertionError("too many internal errors"));
    }
}
