package io.breakwater.engine.pipeline;

import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Several fused pipelines on one thread, each in turn: the lanes of a pair where cores are few.
 *
 * <p>Their sources must not wait: when no lane had a frame, the loop waits for all of them.
 *
 * <p><b>Why:</b> on two cores four threads spend their time waking each other. <b>Thread:</b> {@link #start} and
 * {@link #awaitEnd} from a control thread; pipelines are stopped by {@link Pipeline#requestStop}.
 */
public final class PairLoop {
    private final String name;
    private final List<Pipeline> lanes;
    private final Runnable waiting;
    private @Nullable Thread thread;

    /**
     * Nothing runs yet.
     *
     * @param name of the thread, behind {@code lanes-}
     * @param lanes with one thread each in their settings; not started by themselves
     * @param waiting called when no lane had a frame; some tens of milliseconds at most
     */
    public PairLoop(String name, List<Pipeline> lanes, Runnable waiting) {
        this.name = name;
        this.lanes = List.copyOf(lanes);
        this.waiting = waiting;
        if (!lanes.stream().allMatch(Pipeline::isFused)) {
            throw new IllegalArgumentException("lanes that share a thread have threads: 1");
        }
    }

    /** Starts the thread. */
    public void start(ThreadFactory factory) {
        Thread started = factory.newThread(this::run);
        started.setName("lanes-" + name);
        thread = started;
        started.start();
    }

    private void run() {
        Pipeline[] turning = lanes.toArray(new Pipeline[0]);
        while (true) {
            int moved = 0;
            int ended = 0;
            for (Pipeline lane : turning) {
                int turned = lane.turn();
                moved += Math.max(0, turned);
                ended += turned == FrameSource.END ? 1 : 0;
            }
            if (ended == turning.length) {
                return;
            }
            if (moved == 0) {
                waiting.run();
            }
        }
    }

    /** Waits until every lane has ended. */
    public void awaitEnd() throws InterruptedException {
        if (thread != null) {
            thread.join();
        }
    }
}
