package io.breakwater.bench.wire;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.bench.nativeaccess.InNetns;
import io.breakwater.capture.nativeaccess.CpuAffinity;
import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.nativeaccess.PacketSender;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends marked frames into the wire from a core of its own, always bounded in time: floods at full speed or at an even
 * rate, and single probes on an otherwise calm line.
 *
 * <p><b>Thread:</b> one that lives in the sender's namespace; the methods belong to one control thread.
 */
final class Generator implements AutoCloseable {
    private static final double NS_PER_SECOND = 1e9;
    private static final long PATIENCE_SECONDS = 30;

    private final SynchronousQueue<Load> loads = new SynchronousQueue<>();
    private final SynchronousQueue<Boolean> ended = new SynchronousQueue<>();
    private final SynchronousQueue<Boolean> opened = new SynchronousQueue<>();
    private final AtomicInteger calmProbes = new AtomicInteger();
    private final Thread thread;
    private volatile @Nullable Flood flood;
    private volatile boolean stopRequested;
    private volatile @Nullable IOException failure;

    /** Lives until it is closed: the namespace and card must be there. */
    Generator(String netns, String card, int core) throws InterruptedException {
        thread = Thread.ofPlatform().daemon().name("generator").start(() -> live(netns, card, core));
        await(opened);
    }

    private void live(String netns, String card, int core) {
        try {
            InNetns.enter(netns);
            CpuAffinity.pin(core);
            try (LinkProbe link = new LinkProbe(card);
                    PacketSender probing = new PacketSender(Workload.MAX_BYTES);
                    Flood flooding = new Flood(link.index())) {
                if (!probing.bind(link.index())) {
                    throw new IOException(card + ": no such interface");
                }
                flood = flooding;
                opened.put(Boolean.TRUE);
                while (true) {
                    send(loads.take(), flooding, probing);
                    ended.put(Boolean.TRUE);
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Load load, Flood flooding, PacketSender probing) throws IOException {
        if (load.framesPerSecond() > 0) {
            flooding.send(load);
        } else {
            probeCalmly(load, probing);
        }
    }

    /** Sleeps between probes: a line on which nothing else moves. */
    private void probeCalmly(Load load, PacketSender probing) {
        long intervalNs = Math.round(NS_PER_SECOND / load.probesPerSecond());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment probe = Frames.template(arena, Mark.PROBE, load.sizeBytes());
            int source = Frames.firstSource(Mark.PROBE, load.sources());
            long startNs = System.nanoTime();
            long nextNs = startNs;
            while (System.nanoTime() - startNs < load.durationNs() && !stopRequested) {
                int number = calmProbes.get() + 1;
                Frames.finish(probe, source, number, System.nanoTime());
                if (probing.send(probe, 0, load.sizeBytes()) == 0) {
                    calmProbes.set(number);
                }
                nextNs += intervalNs;
                LockSupport.parkNanos(Math.max(1, nextNs - System.nanoTime()));
            }
        }
    }

    /** Begins a load; the counts start from 0. */
    void start(Load load) throws InterruptedException {
        stopRequested = false;
        calmProbes.set(0);
        while (!loads.offer(load, 1, TimeUnit.SECONDS)) {
            requireAlive();
        }
    }

    /** Ends the load. */
    void stop() throws InterruptedException {
        stopRequested = true;
        flood().stop();
        await(ended);
    }

    private void await(SynchronousQueue<Boolean> sign) throws InterruptedException {
        for (int second = 0; sign.poll(1, TimeUnit.SECONDS) == null; second++) {
            requireAlive();
            if (second > PATIENCE_SECONDS) {
                throw CommandFailure.atRunTime("the generator hangs; is the machine overloaded?");
            }
        }
    }

    private void requireAlive() {
        IOException cause = failure;
        if (cause != null || !thread.isAlive()) {
            throw CommandFailure.atRunTime(
                    "the generator failed: " + (cause == null ? "its thread ended" : cause.getMessage()));
        }
    }

    private Flood flood() {
        Flood flooding = flood;
        if (flooding == null) {
            throw new IllegalStateException("not open");
        }
        return flooding;
    }

    /** Frames of that kind sent since the start of the load. */
    long frames(int kind) {
        int calm = calmProbes.get();
        return kind == Mark.PROBE && calm > 0 ? calm : flood().frames(kind);
    }

    @Override
    public void close() {
        stopRequested = true;
        flood().stop();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
