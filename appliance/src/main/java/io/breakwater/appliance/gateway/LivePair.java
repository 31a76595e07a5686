package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.capture.live.PcapPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.live.PortOptions;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.LatencyClock;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.pipeline.PipelineSettings;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
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
    private final PcapPort outside;
    private final PcapPort inside;
    private final PairEngine engine;
    private final Pipeline inbound;
    private final Pipeline outbound;
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
        int slots = PipelineSettings.DEFAULT_RING_SLOTS;
        outside = PcapPort.open(config.outside(), slots, PortOptions.DEFAULT, listener);
        try {
            inside = PcapPort.open(config.inside(), slots, PortOptions.DEFAULT, listener);
        } catch (IOException | RuntimeException e) {
            outside.close();
            throw e;
        }
        int maxFrameBytes = Math.max(outside.maxFrameBytes(), inside.maxFrameBytes());
        engine = new PairEngine(policy, reasons, new PairEngine.Setup(true, false, maxFrameBytes, seed));
        inboundLatency = new LaneLatency(engine.latency(Lane.INBOUND));
        outboundLatency = new LaneLatency(engine.latency(Lane.OUTBOUND));
        inbound = pipeline(Lane.INBOUND, outside, inside);
        outbound = pipeline(Lane.OUTBOUND, inside, outside);
        try {
            shield = PairShield.attach(config, engine);
        } catch (IOException | RuntimeException e) {
            inside.close();
            outside.close();
            throw e;
        }
    }

    private Pipeline pipeline(Lane lane, PcapPort from, PcapPort to) {
        Pipeline.Egress egress = new Pipeline.Egress(to, engine.counters(lane), engine.latency(lane));
        String name = config.name() + "-" + lane.label();
        return new Pipeline(
                PipelineSettings.live(name, config.threads(), LatencyClock.KERNEL_STAMP),
                from,
                Lanes.only(engine.filter(lane)),
                egress,
                egress,
                (slot, reason) -> {},
                this);
    }

    void start() {
        inbound.start();
        outbound.start();
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
        outside.close();
        inside.close();
    }
}
