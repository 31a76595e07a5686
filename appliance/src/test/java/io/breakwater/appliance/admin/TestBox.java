package io.breakwater.appliance.admin;

import io.breakwater.appliance.attack.AttackBoard;
import io.breakwater.appliance.block.BlockList;
import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.latency.LaneLatency;
import io.breakwater.appliance.metrics.Metrics;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.appliance.top.TopTalkers;
import io.breakwater.capture.shield.ShieldCounters;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A box without cards: a real engine, real tables and a real server on a free loopback port. */
public final class TestBox implements PolicyDesk, PairView, AutoCloseable {
    private final Reasons reasons = new Reasons();
    private final Events events = new Events(Clock.systemUTC(), System::nanoTime, event -> {});
    private final AttackBoard attacks = new AttackBoard(Clock.systemUTC(), System::nanoTime, attack -> {});
    private final Metrics metrics = new Metrics(attacks);
    private final TopTalkers top = new TopTalkers(System::nanoTime, reasons);
    private final PairEngine engine;
    private final LaneLatency latency;
    private final BlockList blocks;
    private final AdminServer server;
    private InForce current;
    private Box.State state = Box.State.FORWARDING;
    private long kernelDrops;

    /** Listens with this policy. */
    public TestBox(String yaml, Access access) throws IOException {
        Configuration configuration = accepted(yaml);
        engine = new PairEngine(configuration.policy(), reasons, PairEngine.Setup.REPLAY);
        latency = new LaneLatency(engine.latency(Lane.INBOUND));
        current = new InForce(yaml, "test.yaml", Instant.now());
        blocks = new BlockList(Clock.systemUTC(), System::nanoTime, this::policy, events);
        blocks.add(engine.blocks());
        metrics.add(this);
        attacks.add("test", engine::pollAttacks);
        events.tell(EventKind.START, "forwarding", Map.of("pairs", List.of("test")));
        Box box = new Box(metrics, List.of(this), attacks, blocks, top, events, this, () -> state, Instant.now());
        server = new AdminServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), access, box);
    }

    private static Configuration accepted(String yaml) {
        PolicyResult result = PolicyFile.parse("test.yaml", yaml, LoadOptions.swap());
        if (result instanceof PolicyResult.Accepted accepted) {
            return accepted.configuration();
        }
        throw new AssertionError(result.toString());
    }

    private Policy policy() {
        return engine.policy();
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    public Events events() {
        return events;
    }

    BlockList blocks() {
        return blocks;
    }

    TopTalkers top() {
        return top;
    }

    Reasons reasons() {
        return reasons;
    }

    /** So many frames were lost at the outside port since the start. */
    public void kernelDrops(long frames) {
        kernelDrops = frames;
    }

    void state(Box.State newState) {
        state = newState;
    }

    @Override
    public ShieldCounters shield(Lane lane) {
        return ShieldCounters.NONE;
    }

    @Override
    public InForce current() {
        return current;
    }

    @Override
    public PolicyResult validate(String yaml) {
        return PolicyFile.parse("api", yaml, LoadOptions.swap());
    }

    @Override
    public PolicyResult swap(String yaml) {
        PolicyResult result = validate(yaml);
        if (result instanceof PolicyResult.Accepted accepted) {
            engine.reload(accepted.configuration().policy());
            current = new InForce(yaml, "api", Instant.now());
        }
        return result;
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public PairEngine engine() {
        return engine;
    }

    @Override
    public LaneLatency latency(Lane lane) {
        return latency;
    }

    @Override
    public double ringOccupancyRatio(Lane lane) {
        return 0;
    }

    @Override
    public String outsidePort() {
        return "outside0";
    }

    @Override
    public String insidePort() {
        return "inside0";
    }

    @Override
    public long outsideKernelDrops() {
        return kernelDrops;
    }

    @Override
    public long insideKernelDrops() {
        return 0;
    }

    @Override
    public @Nullable String failure() {
        return null;
    }

    @Override
    public boolean outsideUp() {
        return true;
    }

    @Override
    public boolean insideUp() {
        return true;
    }

    @Override
    public void close() {
        server.close();
        metrics.close();
    }
}
