package io.breakwater.appliance.gateway;

import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.config.ThreadPlan;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.capture.live.PacketPort;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.prepare.Bypass;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.EngineEvents;
import io.breakwater.engine.pipeline.Lanes;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.pipeline.PairLoop;
import io.breakwater.engine.pipeline.Pipeline;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.tap.DropTap;
import io.breakwater.engine.tap.FrameTap;
import io.breakwater.engine.tap.TrafficTap;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
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

    /** How long a drain looks whether frames still come out of the rings: half a second at most. Unmeasured. */
    private static final int MOST_QUIET_LOOKS = 50;

    private static final int QUIET_LOOK_MS = 10;

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
    private final LaneProgress inboundProgress = new LaneProgress();
    private final LaneProgress outboundProgress = new LaneProgress();
    private final TrafficTap traffic;
    private final @Nullable DropTap inboundDrops;
    private final @Nullable DropTap outboundDrops;
    private final Events events;
    private final Bypass bypass;
    private final NetworkCard outsideCard;
    private final NetworkCard insideCard;
    private final @Nullable LinkPassThrough links;
    private volatile boolean stoppedByErrors;

    /**
     * Opens both ports, which must be prepared; nothing runs yet.
     *
     * @param ahead makes the pair's engine already
     * @param bypass what becomes of frames before {@link #start} and after {@link #handOver}
     * @param copiesPerReason dropped frames that are copied per reason, lane and second; 0 = none
     * @throws IOException if a port cannot be opened; the message says the next step
     */
    LivePair(
            PairConfig config,
            EngineAhead ahead,
            Bypass bypass,
            PortListener listener,
            Events events,
            int copiesPerReason)
            throws IOException {
        this.config = config;
        this.bypass = bypass;
        this.events = events;
        this.traffic = new TrafficTap(ahead.seed());
        this.inboundDrops = copiesPerReason == 0 ? null : new DropTap(copiesPerReason);
        this.outboundDrops = copiesPerReason == 0 ? null : new DropTap(copiesPerReason);
        threads = ThreadPlan.of(config, Runtime.getRuntime().availableProcessors());
        ports = PairPorts.open(config, threads, listener);
        outside = ports.outside();
        inside = ports.inside();
        try {
            engine = ahead.get(Math.max(outside.maxFrameBytes(), inside.maxFrameBytes()));
        } catch (IOException | RuntimeException e) {
            ports.close();
            throw e;
        }
        inboundLatency = new LaneLatency(engine.latency(Lane.INBOUND));
        outboundLatency = new LaneLatency(engine.latency(Lane.OUTBOUND));
        inbound = pipeline(Lane.INBOUND, outside, inside);
        outbound = pipeline(Lane.OUTBOUND, inside, outside);
        both = new PairLoop(
                config.name(), threads.lanesShareThread() ? List.of(inbound, outbound) : List.of(), ports.waiting());
        try {
            outsideCard = new NetworkCard(config.outside());
            insideCard = new NetworkCard(config.inside());
            shield = PairShield.attach(config, ports.programs(), engine);
        } catch (IOException | RuntimeException e) {
            ports.close();
            throw e;
        }
        links = config.linkPassThrough() ? new LinkPassThrough(outsideCard, insideCard, System::nanoTime) : null;
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

    /**
     * Takes over from the kernel, from one frame to the next, and starts the lanes.
     *
     * @throws IOException if the kernel goes on by itself; nothing runs then
     */
    void start() throws IOException {
        ports.described().forEach(line -> LOG.info("pair {}: {}", name(), line));
        ThreadFactory factory = new PinnedThreads(config.cpus());
        passLink(); // only learns which links are there
        bypass.takeOver();
        ports.startReceiving();
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

    /**
     * Gives both cards back to the kernel, which goes on as the pair's fail setting says from the next frame; what has come
     * in before still gets its fate. Idempotent.
     */
    void handOver() {
        try {
            ports.stopReceiving();
            bypass.handOver();
        } catch (IOException e) {
            LOG.warn("pair {}: the kernel could not take over: {}", name(), e.getMessage());
        }
    }

    /** Hands over, and waits until every frame that has come in has its fate. */
    void drain() throws InterruptedException {
        handOver();
        releaseLink();
        awaitQuiet();
        shield.close();
        inbound.requestStop();
        outbound.requestStop();
        inbound.awaitEnd();
        outbound.awaitEnd();
        both.awaitEnd();
    }

    /** Frames in the cards' and the kernel's rings are read to their end, unless that takes too long. */
    private void awaitQuiet() throws InterruptedException {
        long before = -1;
        for (int look = 0; look < MOST_QUIET_LOOKS; look++) {
            long now = settled(Lane.INBOUND) + settled(Lane.OUTBOUND);
            if (now == before || failure() != null) {
                return;
            }
            before = now;
            Thread.sleep(QUIET_LOOK_MS);
        }
    }

    /** Passes the loss or the return of one card's link on to the other; answers a line about it, or null. */
    @Nullable
    String passLink() {
        LinkPassThrough.Change change = links == null ? null : links.look();
        if (change == null) {
            return null;
        }
        return change.down()
                ? "port " + change.lost() + " has no link: port " + change.other() + " is switched off until it has"
                        + " (link-pass-through)"
                : "port " + change.lost() + " has a link again: port " + change.other() + " is switched on";
    }

    private void releaseLink() {
        if (links != null) {
            links.release();
        }
    }

    @Override
    public @Nullable String failure() {
        if (stoppedByErrors) {
            return "too many internal errors";
        }
        IOException cause = inbound.failure() != null ? inbound.failure() : outbound.failure();
        return cause == null ? null : String.valueOf(cause.getMessage());
    }

    /** Whether both lanes got on since this was last asked; true for a pair that has failed, which nobody waits for. */
    boolean makesProgress() {
        boolean in = inboundProgress.isAlive(
                settled(Lane.INBOUND), inbound.occupancyRatio(), outside.kernelDrops(), inbound.turns());
        boolean out = outboundProgress.isAlive(
                settled(Lane.OUTBOUND), outbound.occupancyRatio(), inside.kernelDrops(), outbound.turns());
        return failure() != null || in && out;
    }

    private long settled(Lane lane) {
        return engine.counters(lane).forwardedFrames() + engine.counters(lane).droppedFrames();
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
        shield.close();
        ports.close();
        outsideCard.close();
        insideCard.close();
    }
}
