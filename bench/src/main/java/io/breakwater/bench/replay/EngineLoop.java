package io.breakwater.bench.replay;

import io.breakwater.bench.traffic.FrameSet;
import io.breakwater.bench.traffic.LoopSource;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;

/**
 * One policy's engine that keeps running: frames go through it in lots, so that starting threads is no part of what is
 * measured.
 *
 * <p><b>Thread:</b> one control thread.
 */
public final class EngineLoop {
    private final LoopSource lending;
    private final EnginePipeline pipeline;

    /** Starts it; nothing is sent yet. */
    public EngineLoop(BenchPolicy policy, FrameSet frames, int threads) {
        lending = new LoopSource(frames);
        PairEngine engine = new PairEngine(policy.policy(), new Reasons(), PairEngine.Setup.REPLAY);
        pipeline = new EnginePipeline(engine, threads, lending);
        pipeline.start();
    }

    /** Sends so many frames and waits until each has its fate. */
    public void pass(int frames) {
        long end = lending.lent() + frames;
        lending.lendUpTo(end);
        while (lending.released() < end) {
            pipeline.requireHealthy();
            Thread.onSpinWait();
        }
    }

    /** Ends its threads. */
    public void end() throws InterruptedException {
        lending.end();
        pipeline.stop();
    }
}
