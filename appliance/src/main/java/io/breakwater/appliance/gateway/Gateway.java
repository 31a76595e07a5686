package io.breakwater.appliance.gateway;

import io.breakwater.appliance.admin.AdminServer;
import io.breakwater.appliance.attack.AttackBoard;
import io.breakwater.appliance.attack.AttackText;
import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.doctor.Doctor;
import io.breakwater.appliance.metrics.Metrics;
import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.appliance.process.Signals;
import io.breakwater.capture.live.PortListener;
import io.breakwater.capture.prepare.PortPair;
import io.breakwater.capture.prepare.PortPreparation;
import io.breakwater.capture.prepare.PreparationException;
import io.breakwater.engine.attack.AttackEvent;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
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
    private static final long TICK_MS = 1_000;

    private final Path policyFile;
    private final Configuration configuration;
    private final Path stateDirectory;
    private final @Nullable Path histogramLog;
    private final LinkedBlockingQueue<Note> notes = new LinkedBlockingQueue<>();
    private final List<LivePair> pairs = new ArrayList<>();
    private final AttackBoard attacks = new AttackBoard(System::nanoTime, Gateway::log);
    private final Metrics metrics = new Metrics(attacks);
    private volatile boolean forwarding;

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
        try (PortPreparation preparation = prepare()) {
            preparation.warnings().forEach(LOG::warn);
            return forward(new PortEvents(preparation));
        } catch (IOException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()));
        } finally {
            metrics.close();
        }
    }

    private PortPreparation prepare() throws IOException {
        List<PortPair> ports = configuration.pairs().stream()
                .map(pair -> new PortPair(pair.outside(), pair.inside(), pair.backend() == PairConfig.Backend.XDP))
                .toList();
        try {
            return PortPreparation.prepare(ports, stateDirectory);
        } catch (PreparationException e) {
            String lines = String.join("\n", e.problems());
            throw e.isMisconfigured() ? CommandFailure.usage(lines) : CommandFailure.atRunTime(lines);
        }
    }

    private int forward(PortListener listener) throws IOException, InterruptedException {
        try {
            openPairs(listener);
            try (AdminServer admin = listen();
                    LatencyLog latencyLog = LatencyLog.open(histogramLog, pairs)) {
                pairs.forEach(LivePair::start);
                forwarding = true;
                sayReady(admin);
                Doctor.advise(configuration).forEach(finding -> LOG.warn("{}", finding.line()));
                int exitCode = untilStopped(latencyLog);
                forwarding = false;
                drain();
                latencyLog.tick();
                System.out.print(Summary.of(pairs));
                System.out.flush();
                return exitCode;
            }
        } finally {
            pairs.forEach(LivePair::close);
        }
    }

    private void openPairs(PortListener listener) throws IOException {
        Reasons reasons = new Reasons();
        SecureRandom random = new SecureRandom();
        for (PairConfig config : configuration.pairs()) {
            LivePair pair = new LivePair(config, configuration.policy(), reasons, random.nextLong(), listener);
            pairs.add(pair);
            metrics.add(pair);
            attacks.add(config.name(), pair.engine()::pollAttacks);
        }
    }

    private @Nullable AdminServer listen() {
        InetSocketAddress address = configuration.admin().listen();
        if (address == null) {
            return null;
        }
        try {
            return new AdminServer(address, metrics, () -> forwarding && allForward(), this::allForward);
        } catch (IOException e) {
            throw CommandFailure.atRunTime(
                    "admin.listen: " + address.getAddress().getHostAddress() + ":"
                            + address.getPort() + " cannot be bound (" + e.getMessage()
                            + "); stop what listens there, or set another port in " + policyFile);
        }
    }

    private boolean allForward() {
        return pairs.stream().allMatch(pair -> pair.failure() == null);
    }

    private void sayReady(@Nullable AdminServer admin) {
        for (PairConfig pair : configuration.pairs()) {
            LOG.info("pair {}: {} (outside) and {} (inside) are joined", pair.name(), pair.outside(), pair.inside());
        }
        if (admin != null) {
            LOG.info(
                    "metrics at http://{}:{}/metrics",
                    admin.address().getAddress().getHostAddress(),
                    admin.address().getPort());
        }
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
                reload();
            }
            latencyLog.tick();
            attacks.poll();
            for (LivePair pair : pairs) {
                if (pair.failure() != null && !failed.contains(pair)) {
                    failed.add(pair);
                    LOG.error("pair {} does not forward any more: {}", pair.name(), pair.failure());
                }
            }
            if (failed.size() == pairs.size()) {
                LOG.error("no pair forwards any more; ending, so that a supervisor can start over");
                return CommandFailure.RUN_TIME;
            }
        }
    }

    private static void log(String pair, AttackEvent event) {
        String line = AttackText.line(pair, event);
        if (event.kind() == AttackEvent.Kind.START) {
            LOG.warn("{}", line);
        } else if (!line.isEmpty()) {
            LOG.info("{}", line);
        }
    }

    /** A file with problems changes nothing. */
    private void reload() {
        PolicyResult result = PolicyFile.load(policyFile, LoadOptions.run());
        switch (result) {
            case PolicyResult.Refused refused -> {
                refused.problems().forEach(problem -> LOG.error("{}", problem.render()));
                LOG.error("policy not reloaded: {} has problems; the old policy stays in force", policyFile);
                metrics.onReload(false);
            }
            case PolicyResult.Accepted accepted -> {
                Configuration next = accepted.configuration();
                next.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
                if (!next.pairs().equals(configuration.pairs()) || !next.admin().equals(configuration.admin())) {
                    LOG.warn("{}: changes of pairs and admin wait for the next start", policyFile);
                }
                apply(next.policy());
            }
        }
    }

    /** A policy that was accepted and yet cannot be compiled must not end a box that forwards. */
    private void apply(Policy policy) {
        try {
            pairs.forEach(pair -> pair.reload(policy));
            metrics.onReload(true);
            LOG.info("policy reloaded from {}", policyFile);
        } catch (RuntimeException e) {
            metrics.onReload(false);
            LOG.error("policy not reloaded: internal error: {}; please report it with {}", e, policyFile);
        }
    }

    private void drain() throws InterruptedException {
        for (LivePair pair : pairs) {
            pair.drain();
        }
    }

    /** Says what cards do, and prepares those that come back. */
    private record PortEvents(PortPreparation preparation) implements PortListener {
        @Override
        public void onUp(String interfaceName) {
            LOG.info("port {} is up", interfaceName);
        }

        @Override
        public void onDown(String interfaceName) {
            LOG.warn("port {} is down; forwarding goes on when it comes back", interfaceName);
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
