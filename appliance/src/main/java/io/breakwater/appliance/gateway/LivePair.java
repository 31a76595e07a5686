package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.capture.live.PcapPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.live.PortOptions;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.LatencyClock;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.pipeline.PipelineSettings;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.tap.DropTap;
import io.breakwater.engine.tap.FrameTap;
import io.breakwater.engine.tap.TrafficTap;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
    private final TrafficTap traffic;
    private final @Nullable DropTap inboundDrops;
    private final @Nullable DropTap outboundDrops;
    private final Events events;
    private volatile boolean stoppedByErrors;

    /**
     * Opens both ports, which must be prepared, and compiles the policy; nothing runs yet.
     *
     * @param copiesPerReason dropped frames that are copied per reason, lane and second; 0 = none
     * @throws IOException if a port cannot be opened; the message says the next step
     */
    LivePair(
            PairConfig config,
            Policy policy,
            Reasons reasons,
            long seed,
            PortListener listener,
            Events events,
            int copiesPerReason)
            throws IOException {
        this.config = config;
        this.events = events;
        this.traffic = new TrafficTap(seed);
        this.inboundDrops = copiesPerReason == 0 ? null : new DropTap(copiesPerReason);
        this.outboundDrops = copiesPerReason == 0 ? null : new DropTap(copiesPerReason);
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
                new FrameTap(traffic, drops(lane)),
                this);
    }

    private @Nullable DropTap drops(Lane lane) {
        return lane == Lane.INBOUND ? inboundDrops : outboundDrops;
    }

    /** Copies of the frames that each lane drops; none if no evidence is kept. */
    List<DropTap> drops() {
        return Stream.of(inboundDrops, outboundDrops).filter(Objects::nonNull).toList();
    }

    void start() {
        inbound.start();
        outbound.start();
    }

    /** Reads no more, and waits until every frame that was read has its fate. */
    void drain() throws InterruptedException {
        inbound.requestStop();
        outbound.requestStop();
        inbound.awaitEnd();
        outbound.awaitEnd();
    }

    @Override
    public @Nullable String failure() {
        if (stoppedByErrors) {
            return "too many internal errors";
        }
        IOException cause = inbound.failure() != null ? inbound.failure() : outbound.failure();
        return cause == null ? null : String.valueOf(cause.getMessage());
    }

    @Override
    public boolean outsideUp() {
        return outside.isUp();
    }

    @Override
    public boolean insideUp() {
        return inside.isUp();
    }

    /** Samples of the inbound lane's frames. */
    TrafficTap traffic() {
        return traffic;
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
        String message = "pair " + name() + ": internal error in " + stage + ", one frame dropped: " + cause
                + "; please report it";
        LOG.warn("{}", message);
        events.tell(EventKind.INTERNAL_ERROR, message, Map.of("pair", name(), "stage", stage));
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
        outside.close();
        inside.close();
    }
}
