package io.breakwater.engine.pipeline;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A replay pipeline between a {@link MemorySource} and a sink, run to its end; remembers what became of each frame. */
final class RunningPipeline implements EngineEvents {
    final PairEngine engine;
    final List<Integer> fates = new ArrayList<>();
    final List<Long> sent = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    boolean stoppedByErrors;

    private final Pipeline pipeline;

    RunningPipeline(Policy policy, MemorySource source, int threads, Predicate<FrameSlot> sendOk) {
        engine = new PairEngine(policy, new Reasons(), PairEngine.Setup.REPLAY);
        FrameSink sink = new FrameSink() {
            @Override
            public String name() {
                return "memory";
            }

            @Override
            public boolean send(FrameSlot slot) {
                boolean ok = sendOk.test(slot);
                if (ok) {
                    sent.add(slot.sourceTag());
                }
                return ok;
            }
        };
        pipeline = new Pipeline(
                PipelineSettings.replay(threads),
                source,
                Lanes.bySource(engine.filter(Lane.INBOUND), engine.filter(Lane.OUTBOUND)),
                new Pipeline.Egress(sink, engine.counters(Lane.INBOUND), engine.latency(Lane.INBOUND)),
                new Pipeline.Egress(sink, engine.counters(Lane.OUTBOUND), engine.latency(Lane.OUTBOUND)),
                (slot, reason) -> fates.add(reason),
                this);
    }

    Pipeline run() throws InterruptedException {
        pipeline.start();
        pipeline.awaitEnd();
        return pipeline;
    }

    long received() {
        return engine.counters(Lane.INBOUND).receivedFrames()
                + engine.counters(Lane.OUTBOUND).receivedFrames();
    }

    long forwarded() {
        return engine.counters(Lane.INBOUND).forwardedFrames()
                + engine.counters(Lane.OUTBOUND).forwardedFrames();
    }

    long dropped() {
        return engine.counters(Lane.INBOUND).droppedFrames()
                + engine.counters(Lane.OUTBOUND).droppedFrames();
    }

    long dropped(int reason) {
        return engine.counters(Lane.INBOUND).droppedFrames(reason)
                + engine.counters(Lane.OUTBOUND).droppedFrames(reason);
    }

    @Override
    public synchronized void onInternalError(String stage, Throwable cause) {
        errors.add(cause);
    }

    @Override
    public synchronized void onTooManyInternalErrors() {
        stoppedByErrors = true;
    }
}
