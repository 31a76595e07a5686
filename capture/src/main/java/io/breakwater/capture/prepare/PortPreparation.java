package io.breakwater.capture.prepare;

import io.breakwater.capture.nativeaccess.LinkProbe;
import io.breakwater.capture.privilege.ProcessPrivileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ports that are fit for inline use: offloads off, the box's own stack kept off them, switched on, and joined or closed by
 * tc for the time in which no filter runs. Their original settings are on disk before the first change.
 *
 * <p>Once {@link #keep} was called, or after a crash, they stay so for the next start, which takes over from what is there;
 * {@link #release} gives them back as they were.
 *
 * <p>The same port is never prepared twice at a time, not by two processes either.
 *
 * <p><b>Thread:</b> any; control path only.
 */
public final class PortPreparation implements AutoCloseable {
    /** Where settings are kept unless said otherwise. */
    public static final Path DEFAULT_DIRECTORY = Path.of("/run/breakwater");

    private final StateDirectory directory;
    private final Map<String, PortLock> locks = new LinkedHashMap<>();
    private final Map<String, PortSettings> before = new LinkedHashMap<>();
    private final Map<String, PortPair> pairs = new LinkedHashMap<>();
    private final List<Bypass> bypasses = new ArrayList<>();
    private final Set<String> changedBefore = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean kept;
    private boolean closed;

    /**
     * What came of {@link #release}.
     *
     * @param givenBack ports that are as they were
     * @param inUse ports that a run holds, and that were left alone
     */
    public record Released(List<String> givenBack, List<String> inUse) {
        public Released {
            givenBack = List.copyOf(givenBack);
            inUse = List.copyOf(inUse);
        }
    }

    private PortPreparation(StateDirectory directory) {
        this.directory = directory;
    }

    /**
     * Checks all ports, then changes them; if one cannot be changed, all are given back.
     *
     * @param directory for the original settings
     * @throws PreparationException with every problem that was found, each with the command that mends it
     */
    public static PortPreparation prepare(List<PortPair> pairs, Path directory) throws IOException {
        Capabilities.require(pairs.stream().anyMatch(PortPair::xdp));
        PortChecks checks = new PortChecks();
        checks.check(pairs);
        if (!checks.problems().isEmpty()) {
            throw new PreparationException(checks.problems(), checks.misnamed());
        }
        PortPreparation preparation = new PortPreparation(StateDirectory.open(directory));
        preparation.warnings.addAll(checks.warnings());
        try {
            for (PortPair pair : pairs) {
                preparation.lock(pair.outside(), pair);
                preparation.lock(pair.inside(), pair);
            }
            preparation.confine();
            preparation.releaseFormerPeers();
            preparation.change(preparation.pairs);
            for (PortPair pair : pairs) {
                preparation.join(pair);
            }
            return preparation;
        } catch (IOException | RuntimeException e) {
            try {
                preparation.close();
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    /** Gives back every port of this network namespace that a run which has ended left joined or closed. */
    public static Released release(Path directory) throws IOException {
        List<String> givenBack = new ArrayList<>();
        List<String> inUse = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            StateDirectory state = StateDirectory.open(directory);
            for (Path file : state.stateFiles()) {
                PortSettings settings = PortSettings.load(file);
                // The port may be gone with its namespace, whose number another one has now.
                boolean isLeft = PortChanges.isChanged(settings);
                if (!release(state, file)) {
                    inUse.add(settings.port());
                } else if (isLeft) {
                    givenBack.add(settings.port());
                }
            }
        }
        return new Released(givenBack, inUse);
    }

    private static boolean release(StateDirectory state, Path file) throws IOException {
        PortSettings settings = PortSettings.load(file);
        Optional<PortLock> lock = PortLock.tryLock(state, settings.port());
        if (lock.isEmpty()) {
            return false;
        }
        try {
            PortChanges.undo(settings);
            Files.deleteIfExists(file);
            return true;
        } finally {
            lock.get().close();
        }
    }

    /** No other ports than these are changed from now on. */
    private void confine() throws IOException {
        List<String> ports = new ArrayList<>(pairs.keySet());
        for (Path file : formerPeers()) {
            ports.add(PortSettings.load(file).port());
        }
        ProcessPrivileges.get().confineTo(ports);
    }

    private void releaseFormerPeers() throws IOException {
        for (Path file : formerPeers()) {
            release(directory, file);
        }
    }

    /** Ports that an earlier run joined with one of ours and that are no longer of any pair: they go back as they were. */
    private List<Path> formerPeers() throws IOException {
        List<Path> peers = new ArrayList<>();
        for (Path file : directory.stateFiles()) {
            PortSettings settings = PortSettings.load(file);
            if (!pairs.containsKey(settings.port()) && pairs.containsKey(settings.peer())) {
                peers.add(file);
            }
        }
        return peers;
    }

    /**
     * What {@link #prepare} would refuse or warn of, and what on this box would slow the filter. Changes nothing.
     *
     * @param pairs may be empty: then only what is true of any ports
     */
    public static List<Finding> examine(List<PortPair> pairs, boolean xdp) throws IOException {
        List<Finding> findings = new ArrayList<>(BoxChecks.tools());
        findings.addAll(Capabilities.findings(xdp));
        if (findings.isEmpty()) {
            PortChecks checks = new PortChecks();
            checks.check(pairs);
            findings.addAll(checks.findings());
        }
        findings.addAll(advise(pairs, xdp));
        return findings;
    }

    /** The part of {@link #examine} that never keeps a run from starting. */
    public static List<Finding> advise(List<PortPair> pairs, boolean xdp) throws IOException {
        return new BoxChecks(pairs, xdp).findings();
    }

    /** Ports that a run which has ended left joined or closed, each with its peer. */
    public static List<PortPair> leftBehind(Path directory) throws IOException {
        List<PortPair> ports = new ArrayList<>();
        if (Files.isDirectory(directory) && Files.isWritable(directory)) {
            StateDirectory state = StateDirectory.open(directory);
            for (Path file : state.stateFiles()) {
                PortSettings settings = PortSettings.load(file);
                Optional<PortLock> lock = PortLock.tryLock(state, settings.port());
                if (lock.isPresent()) {
                    lock.get().close();
                    if (PortChanges.isChanged(settings)) {
                        ports.add(new PortPair(settings.port(), settings.peer(), false, settings.failOpen()));
                    }
                }
            }
        }
        return ports;
    }

    /** What becomes of a pair's frames while no filter takes them. */
    public synchronized Bypass bypass(String outside) {
        return bypasses.stream()
                .filter(each -> each.pair().outside().equals(outside))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pair with outside port " + outside));
    }

    /** From now on the ports stay joined or closed when this is closed. Until then those come back that were not so before. */
    public synchronized void keep() {
        kept = true;
    }

    /** What the operator should know, one line each. */
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Prepares an interface that was deleted and came back with the same name. Does nothing after {@link #close}.
     *
     * @throws PreparationException at once, if it is to be joined with a port that is not there: that is asked again and again
     */
    public synchronized void again(String port) throws IOException {
        PortPair pair = pairs.get(port);
        if (closed || pair == null) {
            return;
        }
        if (pair.failOpen()) {
            requirePeer(pair, port);
        }
        PortSettings gone = before.remove(port);
        if (gone != null) {
            PortChanges.undo(gone);
            // An attempt that failed half-way may have left its hook, which must not be taken for somebody else's.
            PortChanges.unhook(gone);
        }
        Files.deleteIfExists(directory.stateFile(port));
        changedBefore.remove(port);
        change(Map.of(port, pair));
        for (Bypass bypass : bypasses) {
            if (bypass.pair().equals(pair)) {
                bypass.again(port);
            }
        }
    }

    private static void requirePeer(PortPair pair, String port) throws IOException {
        try (LinkProbe peer = new LinkProbe(pair.peerOf(port))) {
            if (peer.index() == LinkProbe.NONE) {
                throw new PreparationException("port " + port + " waits for its peer " + pair.peerOf(port));
            }
        }
    }

    private void lock(String port, PortPair pair) throws IOException {
        PortLock lock = PortLock.tryLock(directory, port)
                .orElseThrow(() -> new PreparationException("port " + port
                        + " is in use by another Breakwater: stop that one first (pgrep -af breakwater)"));
        locks.put(port, lock);
        pairs.put(port, pair);
    }

    private void change(Map<String, PortPair> ports) throws IOException {
        Map<String, Originals> found = EachPort.take(ports, this::originals);
        for (Originals originals : found.values()) {
            PortSettings settings = originals.settings();
            before.put(settings.port(), settings);
            if (originals.changedBefore()) {
                changedBefore.add(settings.port());
            }
            settings.store(directory.stateFile(settings.port()));
        }
        EachPort.take(
                        found,
                        (port, originals) -> PortChanges.apply(
                                originals.settings(), originals.pair().xdp()))
                .values()
                .forEach(warnings -> warnings.forEach(this::warn));
    }

    private void join(PortPair pair) throws IOException {
        Bypass bypass = Bypass.of(pair);
        bypasses.add(bypass);
        if (bypass.dropsByTc()) {
            warn("ports " + pair.outside() + " and " + pair.inside()
                    + ": this kernel (before 6.6), or a lack of CAP_BPF,"
                    + " keeps them closed after a kill -9 until the next start or 'breakwater release', whatever fail:"
                    + " says; the package's unit opens them");
        }
    }

    private void warn(String warning) {
        if (!warnings.contains(warning)) {
            warnings.add(warning);
        }
    }

    /**
     * What a port of a pair was like before any run changed it.
     *
     * @param changedBefore whether an earlier run changed it, and it was not given back since
     */
    private record Originals(PortPair pair, PortSettings settings, boolean changedBefore) {}

    /** What an earlier run wrote down, if it changed this very interface; else what the port is like now. */
    private Originals originals(String port, PortPair pair) throws IOException {
        PortSettings now = PortChanges.read(port, pair);
        Path file = directory.stateFile(port);
        if (Files.exists(file)) {
            PortSettings earlier = PortSettings.load(file);
            if (PortChanges.isChanged(earlier)) {
                return new Originals(pair, earlier.completedBy(now), true);
            }
        }
        return new Originals(pair, now, false);
    }

    /**
     * Lets the ports go: as the pair's fail setting says, with their offloads as they were; or all as it was before. What fails for one does not keep the
     * others from it.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        List<String> failures = new ArrayList<>();
        for (Bypass bypass : bypasses) {
            try {
                bypass.handOver();
            } catch (IOException e) {
                failures.add("ports " + bypass.pair() + " were not handed over: " + e.getMessage());
            }
            bypass.close();
        }
        for (PortSettings settings : before.values()) {
            if (!kept && !changedBefore.contains(settings.port())) {
                giveBack(settings, failures);
            } else {
                rest(settings, failures);
            }
        }
        for (PortLock lock : locks.values()) {
            lock.close();
        }
        if (!failures.isEmpty()) {
            throw new PreparationException(failures);
        }
    }

    private static void rest(PortSettings settings, List<String> failures) {
        try {
            PortChanges.rest(settings);
        } catch (IOException e) {
            failures.add("port " + settings.port() + " has its offloads still off: " + e.getMessage());
        }
    }

    private void giveBack(PortSettings settings, List<String> failures) {
        try {
            PortChanges.undo(settings);
            Files.deleteIfExists(directory.stateFile(settings.port()));
        } catch (IOException e) {
            failures.add("port " + settings.port() + " was not given back: " + e.getMessage());
        }
    }
}
