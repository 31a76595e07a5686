package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.PairLoop;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two cards joined by two lanes.
 *
 * <p><b>Thread:</b> control; the lanes' own threads are the pipelines'.
 */
final class LivePair implements PairView, EngineEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivePair.class);

    private final PairConfig config;
    private final ThreadPlan threads;
    private final PairPorts ports;
    private final PacketPort outside;
    private final PacketPort inside;
    private final PairEngine engine;
    private final Pipeline inbound;
    private final Pipeline outbound;
    private final PairLoop both;
    private final LaneLatency inboundLatency;
    private final LaneLatency outboundLatency;
    private final PairShield shield;
    private volatile boolean stoppedByErrors;

    /**
     * Opens both ports, which must be prepared, and compiles the policy; nothing runs yet.
     *
     * @throws IOException if a port cannot be opened; the message says the next step
     */
    LivePair(PairConfig config, Policy policy, Reasons reasons, long seed, PortListener listener) throws IOException {
        this.config = config;
        threads = ThreadPlan.of(config, Runtime.getRuntime().availableProcessors());
        ports = PairPorts.open(config, threads, listener);
        outside = ports.outside();
        inside = ports.inside();
        int maxFrameBytes = Math.max(outside.maxFrameBytes(), inside.maxFrameBytes());
        engine = new PairEngine(
                policy, reasons, new PairEngine.Setup(true, threads.lanesShareThread(), maxFrameBytes, seed));
        inboundLatency = new LaneLatency(engine.latency(Lane.INBOUND));
        outboundLatency = new LaneLatency(engine.latency(Lane.OUTBOUND));
        inbound = pipeline(Lane.INBOUND, outside, inside);
        outbound = pipeline(Lane.OUTBOUND, inside, outside);
        both = new PairLoop(
                config.name(), threads.lanesShareThread() ? List.of(inbound, outbound) : List.of(), ports.waiting());
        try {
            shield = PairShield.attach(config, engine, ports.programs());
        } catch (IOException | RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    private Pipeline pipeline(Lane lane, PacketPort from, PacketPort to) {
        Pipeline.Egress egress = new Pipeline.Egress(to.sink(), engine.counters(lane), engine.latency(lane));
        String name = config.name() + "-" + lane.label();
        return new Pipeline(
                ports.settings(name, threads),
                from.source(),
                Lanes.only(engine.filter(lane)),
                egress,
                egress,
                (slot, reason) -> {},
                this);
    }

    void start() {
        ports.described().forEach(line -> LOG.info("pair {}: {}", name(), line));
        ThreadFactory factory = new PinnedThreads(config.cpus());
        if (threads.lanesShareThread()) {
            both.start(factory);
        } else {
            inbound.start(factory);
            outbound.start(factory);
        }
    }

    /** Puts another policy in force, in Java and in the kernel. */
    void reload(Policy policy) {
        engine.reload(policy);
        shield.reload(policy);
    }

    /** Reads no more, and waits until every frame that was read has its fate. */
    void drain() throws InterruptedException {
        shield.close();
        inbound.requestStop();
        outbound.requestStop();
        inbound.awaitEnd();
        outbound.awaitEnd();
        both.awaitEnd();
    }

    /** Why the pair does not forward any more, or null while it does. */
    @Nullable
    String failure() {
        if (stoppedByErrors) {
            return "too many internal errors";
        }
        IOException cause = inbound.failure() != null ? inbound.failure() : outbound.failure();
        return cause == null ? null : String.valueOf(cause.getMessage());
    }

    /** Whether both cards have carrier. */
    boolean isUp() {
        return outside.isUp() && inside.isUp();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public PairEngine engine() {
        return engine;
    }

    @Override
    public ShieldCounters shield(Lane lane) {
        return shield.counters(lane);
    }

    @Override
    public LaneLatency latency(Lane lane) {
        return lane == Lane.INBOUND ? inboundLatency : outboundLatency;
    }

    @Override
    public double ringOccupancyRatio(Lane lane) {
        return (lane == Lane.INBOUND ? inbound : outbound).occupancyRatio();
    }

    @Override
    public String outsidePort() {
        return config.outside();
    }

    @Override
    public String insidePort() {
        return config.inside();
    }

    @Override
    public long outsideKernelDrops() {
        return outside.kernelDrops();
    }

    @Override
    public long insideKernelDrops() {
        return inside.kernelDrops();
    }

    @Override
    public void onInternalError(String stage, Throwable cause) {
        LOG.warn(
                "pair {}: internal error in {}, one frame dropped: {}; please report it",
                name(),
                stage,
                cause.toString());
    }

    @Override
    public void onTooManyInternalErrors() {
        stoppedByErrors = true;
        inbound.requestStop();
        outbound.requestStop();
        LOG.error("pair {}: more than ten internal errors within a second; the pair stops", name());
    }

    @Override
    public void close() {
        shield.close();
        ports.close();
    }
}
