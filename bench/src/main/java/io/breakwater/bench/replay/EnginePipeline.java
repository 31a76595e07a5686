package io.breakwater.bench.replay;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.traffic.LoopSource;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.pipeline.FrameSink;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.LatencyClock;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.pipeline.PipelineSettings;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline between memory and nowhere: a card that is infinitely fast.
 *
 * <p><b>Thread:</b> one control thread.
 */
final class EnginePipeline {
    /** What the names of its threads end in. */
    static final String NAME = "bench";

    private final PairEngine engine;
    private final Failures failures = new Failures();
    private final Pipeline pipeline;
    private volatile Gaps gaps = new Gaps();

    EnginePipeline(PairEngine engine, int threads, LoopSource lending) {
        this.engine = engine;
        PipelineSettings settings = new PipelineSettings(
                NAME,
                threads,
                PipelineSettings.ringSlots(threads, PipelineSettings.DEFAULT_MAX_BATCH),
                PipelineSettings.DEFAULT_MAX_BATCH,
                true,
                LatencyClock.PUBLICATION);
        pipeline = new Pipeline(
                settings,
                lending,
                Lanes.bySource(engine.filter(Lane.INBOUND), engine.filter(Lane.OUTBOUND)),
                egress(Lane.INBOUND),
                egress(Lane.OUTBOUND),
                (slot, reason) -> {},
                failures);
    }

    private Pipeline.Egress egress(Lane lane) {
        return new Pipeline.Egress(new Nowhere(), engine.counters(lane), engine.latency(lane));
    }

    /** From now on the breaks of the thread that sends are noted here. */
    Gaps watch() {
        Gaps watching = new Gaps();
        gaps = watching;
        return watching;
    }

    void start() {
        pipeline.start();
    }

    void stop() throws InterruptedException {
        pipeline.stop();
    }

    boolean hasFailed() {
        return failures.first != null;
    }

    /** What comes behind an internal error measures nothing. */
    void requireHealthy() {
        if (hasFailed()) {
            throw CommandFailure.atRunTime("the engine failed: " + failures.first + "; please report it");
        }
    }

    /** Where forwarded frames go. */
    private final class Nowhere implements FrameSink {
        @Override
        public String name() {
            return "nowhere";
        }

        @Override
        public boolean send(FrameSlot slot) {
            return true;
        }

        @Override
        public void flush() {
            gaps.tick();
        }
    }

    /** Keeps the first internal error. */
    private static final class Failures implements EngineEvents {
        private volatile @Nullable Throwable first;

        @Override
        public void onInternalError(String stage, Throwable cause) {
            first = cause;
        }

        @Override
        public void onTooManyInternalErrors() {}
    }
}
