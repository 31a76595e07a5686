package io.breakwater.appliance.gateway;

import io.breakwater.appliance.admin.Access;
import io.breakwater.appliance.admin.AccessFiles;
import io.breakwater.appliance.admin.AdminServer;
import io.breakwater.appliance.admin.Box;
import io.breakwater.appliance.attack.AttackBoard;
import io.breakwater.appliance.block.BlockList;
import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.EvidenceConfig;
import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.doctor.Doctor;
import io.breakwater.appliance.events.Event;
import io.breakwater.appliance.events.EventFile;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.evidence.Evidence;
import io.breakwater.appliance.metrics.Metrics;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.appliance.process.HeapRoom;
import io.breakwater.appliance.process.Signals;
import io.breakwater.appliance.process.Supervisor;
import io.breakwater.appliance.top.TopTalkers;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.prepare.PortPair;
import io.breakwater.capture.prepare.PortPreparation;
import io.breakwater.capture.prepare.PreparationException;
import io.breakwater.capture.privilege.ProcessPrivileges;
import io.breakwater.engine.measure.Reasons;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running box: prepares the cards, joins them, and gives them back as they were.
 *
 * <p><b>Thread:</b> the main thread does everything; signals only leave it a note.
 */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** How often samples are taken in and blocks end. */
    private static final long TICK_MS = 100;

    private static final long SECOND_NS = 1_000_000_000L;

    private final Path policyFile;
    private final Configuration configuration;
    private final Path stateDirectory;
    private final @Nullable Path histogramLog;
    private final LinkedBlockingQueue<Note> notes = new LinkedBlockingQueue<>();
    private final List<LivePair> pairs = new ArrayList<>();
    private final Events events = new Events(Clock.systemUTC(), System::nanoTime, this::write);
    private final AttackNews attackNews = new AttackNews(events, System::nanoTime);
    private final AttackBoard attacks = new AttackBoard(Clock.systemUTC(), System::nanoTime, attackNews::onEvent);
    private final Metrics metrics = new Metrics(attacks);
    private final Supervisor supervisor = Supervisor.ofThisProcess();
    private final Reasons reasons = new Reasons();
    private final TopTalkers top = new TopTalkers(System::nanoTime, reasons);
    private final PolicyInForce policy;
    private final BlockList blocks;
    private final Instant started = Instant.now();
    private final Watch watch = new Watch(events, System::nanoTime);
    private final TotalsNews totals = new TotalsNews(events, Clock.systemUTC(), started);
    private @Nullable EventFile eventFile;
    private @Nullable Evidence evidence;
    private long secondNs = System.nanoTime();
    private volatile Box.State state = Box.State.STARTING;

    private enum Note {
        STOP,
        RELOAD
    }

    /**
     * Nothing happens yet.
     *
     * @param policyFile read again on SIGHUP
     * @param stateDirectory where the cards' original settings are kept
     * @param histogramLog file for latency histograms, or null
     */
    public Gateway(Path policyFile, Configuration configuration, Path stateDirectory, @Nullable Path histogramLog) {
        this.policyFile = policyFile;
        this.configuration = configuration;
        this.stateDirectory = stateDirectory;
        this.histogramLog = histogramLog;
        this.policy = new PolicyInForce(policyFile, configuration, pairs, metrics, events);
        this.blocks = new BlockList(Clock.systemUTC(), System::nanoTime, policy::policy, events);
    }

    /**
     * Runs until SIGTERM or SIGINT, or until no pair forwards any more.
     *
     * @return 0 after a signal, 1 after a failure
     * @throws CommandFailure if it cannot start; what was changed has been given back
     */
    public int run() throws InterruptedException {
        Signals.onStop(() -> notes.add(Note.STOP));
        Signals.on("HUP", () -> notes.add(Note.RELOAD));
        Access access = AccessFiles.load(configuration.admin());
        HeapRoom.require(configuration.policy(), configuration.pairs().size());
        try {
            List<EngineAhead> engines = EngineAhead.begin(configuration, reasons);
            try (PortPreparation preparation = prepare()) {
                requireFree(configuration.admin().listen());
                preparation.warnings().forEach(LOG::warn);
                return forward(preparation, engines, access);
            }
        } catch (IOException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()));
        } finally {
            metrics.close();
            supervisor.close();
        }
    }

    private PortPreparation prepare() throws IOException {
        List<PortPair> ports =
                configuration.pairs().stream().map(PairConfig::ports).toList();
        try {
            return PortPreparation.prepare(ports, stateDirectory);
        } catch (PreparationException e) {
            String lines = String.join("\n", e.problems());
            throw e.isMisconfigured() ? CommandFailure.usage(lines) : CommandFailure.atRunTime(lines);
        }
    }

    /** What is not needed to forward, the admin side first of all, starts when the lanes do. */
    private int forward(PortPreparation preparation, List<EngineAhead> engines, Access access)
            throws IOException, InterruptedException {
        try {
            eventFile = EventFile.open(configuration.events(), new FileOutputStream(FileDescriptor.out));
            openPairs(preparation, engines);
            evidence = Evidence.open(configuration.evidence(), reasons, tapped());
            pairs.forEach(watch::look);
            try (LatencyLog latencyLog = LatencyLog.open(histogramLog, pairs);
                    Heartbeat heartbeat = new Heartbeat(supervisor, pairs);
                    AdminServer admin = startLanes(access)) {
                preparation.keep();
                state = Box.State.FORWARDING;
                supervisor.ready();
                heartbeat.start();
                sayReady(admin);
                ProcessPrivileges.onKeeperLost(this::tellKeeperLost);
                advise();
                int exitCode = untilStopped(latencyLog);
                state = Box.State.STOPPING;
                supervisor.stopping();
                events.tell(EventKind.STOP, "stopping", Map.of("exit_code", exitCode));
                drain();
                tellLast();
                latencyLog.tick();
                System.out.print(Summary.of(pairs));
                System.out.flush();
                return exitCode;
            }
        } finally {
            pairs.forEach(LivePair::close);
            closeFiles();
        }
    }

    /** Frames go on as before; what needs rights over the network does not work any more. */
    private void tellKeeperLost() {
        if (state == Box.State.FORWARDING) {
            String message =
                    "the keeper of the rights over the network is gone: filtering goes on, but no card that comes"
                            + " back is taken in, no link passed on and no new shield put up: restart Breakwater when that suits"
                            + " (systemctl restart breakwater)";
            LOG.error("{}", message);
            events.tell(EventKind.KEEPER_LOST, message, Map.of());
        }
    }

    private void write(Event event) {
        EventFile file = eventFile;
        if (file != null) {
            file.accept(event);
        }
    }

    private List<Evidence.Tapped> tapped() {
        List<Evidence.Tapped> tapped = new ArrayList<>();
        for (LivePair pair : pairs) {
            pair.drops().forEach(tap -> tapped.add(new Evidence.Tapped(pair.name(), tap)));
        }
        return tapped;
    }

    private void tellMetrics() {
        pairs.forEach(metrics::add);
        metrics.gauge(
                "breakwater.blocks",
                "Sources blocked for a while",
                () -> blocks.list().size());
        metrics.counter("breakwater.events", "Events told", events::lastId);
        metrics.counter("breakwater.events.suppressed", "Events left out in a flood of their kind", events::suppressed);
        metrics.counter(
                "breakwater.events.lost",
                "Events that could not be written to the file",
                () -> eventFile == null ? 0 : eventFile.lost());
        metrics.counter(
                "breakwater.evidence.frames",
                "Copies of dropped frames written",
                () -> evidence == null ? 0 : evidence.written());
        metrics.counter(
                "breakwater.evidence.lost.frames",
                "Copies of dropped frames lost",
                () -> evidence == null ? 0 : evidence.lost());
        metrics.counter(
                "breakwater.top.lost.frames",
                "Frames missing from top talkers, because their samples found no room",
                top::lostFrames);
    }

    /** The last things that are told and copied are those of the end. */
    private void closeFiles() throws InterruptedException {
        Evidence copies = evidence;
        EventFile file = eventFile;
        if (copies != null) {
            copies.close();
        }
        if (file != null) {
            file.close();
        }
    }

    private @Nullable AdminServer startLanes(Access access) throws IOException {
        for (LivePair pair : pairs) {
            pair.start();
        }
        tellMetrics();
        return listen(access);
    }

    private void openPairs(PortPreparation preparation, List<EngineAhead> engines) throws IOException {
        PortListener listener = new PortEvents(preparation, events);
        EvidenceConfig kept = configuration.evidence();
        int copies = kept == null ? 0 : kept.perReasonPerSecond();
        for (int i = 0; i < engines.size(); i++) {
            PairConfig config = configuration.pairs().get(i);
            LivePair pair = new LivePair(
                    config, engines.get(i), preparation.bypass(config.outside()), listener, events, copies);
            pairs.add(pair);
            attacks.add(config.name(), pair.engine()::pollAttacks);
            blocks.add(pair.engine().blocks());
            top.add(pair.traffic());
        }
    }

    private @Nullable AdminServer listen(Access access) {
        InetSocketAddress address = configuration.admin().listen();
        if (address == null) {
            return null;
        }
        try {
            return new AdminServer(address, access, box());
        } catch (IOException e) {
            throw notBound(address, e);
        }
    }

    /** Asked before a frame is, because the admin side listens only once frames are forwarded. */
    private void requireFree(@Nullable InetSocketAddress address) {
        if (address == null) {
            return;
        }
        try {
            AdminServer.requireFree(address);
        } catch (IOException e) {
            throw notBound(address, e);
        }
    }

    private CommandFailure notBound(InetSocketAddress address, IOException why) {
        return CommandFailure.atRunTime("admin.listen: " + address.getAddress().getHostAddress() + ":"
                + address.getPort() + " cannot be bound (" + why.getMessage()
                + "); stop what listens there, or set another port in " + policyFile);
    }

    private Box box() {
        return new Box(metrics, List.copyOf(pairs), attacks, blocks, top, events, policy, this::stateNow, started);
    }

    private Box.State stateNow() {
        boolean failed = pairs.stream().anyMatch(pair -> pair.failure() != null);
        return failed && state == Box.State.FORWARDING ? Box.State.FAILED : state;
    }

    private void sayReady(@Nullable AdminServer admin) {
        for (PairConfig pair : configuration.pairs()) {
            LOG.info("pair {}: {} (outside) and {} (inside) are joined", pair.name(), pair.outside(), pair.inside());
        }
        if (admin != null) {
            LOG.info("metrics at {}/metrics", configuration.admin().url(admin.port()));
        }
        events.tell(
                EventKind.START,
                "forwarding",
                Map.of(
                        "pairs",
                        configuration.pairs().stream().map(PairConfig::name).toList()));
    }

    /** Late, so that it costs no start-up time: nothing of it keeps a box from forwarding. */
    private void advise() {
        long tableBytes =
                pairs.stream().mapToLong(pair -> pair.engine().memoryBytes()).sum();
        Doctor.advise(configuration, tableBytes).forEach(finding -> LOG.warn("{}", finding.line()));
    }

    /** Serves notes until there is a reason to end. */
    private int untilStopped(LatencyLog latencyLog) throws InterruptedException {
        List<LivePair> failed = new ArrayList<>();
        while (true) {
            Note note = notes.poll(TICK_MS, TimeUnit.MILLISECONDS);
            if (note == Note.STOP) {
                return 0;
            }
            if (note == Note.RELOAD) {
                policy.reload();
            }
            tick(latencyLog);
            for (LivePair pair : pairs) {
                if (pair.failure() != null && !failed.contains(pair)) {
                    failed.add(pair);
                    pair.handOver();
                    String message = "pair " + pair.name() + " does not forward any more: " + pair.failure();
                    LOG.error("{}", message);
                    events.tell(EventKind.PAIR_FAILED, message, Map.of("pair", pair.name()));
                }
            }
            if (failed.size() == pairs.size()) {
                LOG.error("no pair forwards any more; ending, so that a supervisor can start over");
                return CommandFailure.RUN_TIME;
            }
        }
    }

    private void tick(LatencyLog latencyLog) {
        attacks.poll();
        blocks.tick();
        top.drain();
        for (LivePair pair : pairs) {
            String line = pair.passLink();
            if (line != null) {
                LOG.info("pair {}: {}", pair.name(), line);
            }
        }
        totals.tick(pairs);
        long nowNs = System.nanoTime();
        if (nowNs - secondNs >= SECOND_NS) {
            secondNs = nowNs;
            latencyLog.tick();
            pairs.forEach(watch::look);
        }
    }

    /** What is told last is exact: no frame is under way any more. */
    private void tellLast() {
        attacks.poll();
        attackNews.onEnding();
        pairs.forEach(pair -> pair.engine().finishAttacks());
        attacks.poll();
        totals.tell(pairs);
    }

    private void drain() throws InterruptedException {
        for (LivePair pair : pairs) {
            pair.drain();
        }
    }

    /** Says what cards do, and prepares those that come back. */
    private record PortEvents(PortPreparation preparation, Events events) implements PortListener {
        @Override
        public void onUp(String interfaceName) {
            LOG.info("port {} is up", interfaceName);
            events.tell(EventKind.PORT_UP, "port " + interfaceName + " is up", Map.of("port", interfaceName));
        }

        @Override
        public void onDown(String interfaceName) {
            String message = "port " + interfaceName + " is down; forwarding goes on when it comes back";
            LOG.warn("{}", message);
            events.tell(EventKind.PORT_DOWN, message, Map.of("port", interfaceName));
        }

        @Override
        public void onTrouble(String why) {
            LOG.warn("{}; trying again until it works", why);
        }

        @Override
        public void onRecreated(String interfaceName) throws IOException {
            preparation.again(interfaceName);
        }
    }
}
