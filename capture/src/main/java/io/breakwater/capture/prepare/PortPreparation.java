package io.breakwater.capture.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ports that are fit for inline use as long as this object is open: offloads off, the box's own stack kept off them,
 * switched on. Their original settings are on disk before the first change, so that they come back after a crash too:
 * by the next start, or by {@link #restore}.
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
    private final List<String> warnings = new ArrayList<>();
    private boolean closed;

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
        Capabilities.require();
        PortChecks checks = new PortChecks();
        checks.check(pairs);
        if (!checks.problems().isEmpty()) {
            throw new PreparationException(checks.problems(), checks.misnamed());
        }
        PortPreparation preparation = new PortPreparation(StateDirectory.open(directory));
        preparation.warnings.addAll(checks.warnings());
        try {
            for (PortPair pair : pairs) {
                preparation.lock(pair.outside());
                preparation.lock(pair.inside());
            }
            restore(directory);
            for (String port : preparation.locks.keySet()) {
                preparation.change(port);
            }
            return preparation;
        } catch (IOException | RuntimeException e) {
            preparation.close();
            throw e;
        }
    }

    /**
     * Gives back every port of this network namespace that a run which did not end properly left changed. Ports that
     * are in use are left alone.
     *
     * @return the ports that were given back
     */
    public static List<String> restore(Path directory) throws IOException {
        List<String> restored = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return restored;
        }
        StateDirectory state = StateDirectory.open(directory);
        for (Path file : state.stateFiles()) {
            PortSettings settings = PortSettings.load(file);
            Optional<PortLock> lock = PortLock.tryLock(state.lockFile(settings.port()));
            if (lock.isEmpty()) {
                continue;
            }
            try {
                PortChanges.undo(settings);
                Files.deleteIfExists(file);
                restored.add(settings.port());
            } finally {
                lock.get().close();
            }
        }
        return restored;
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

    /** Ports that a run which did not end properly left changed. */
    public static List<String> leftBehind(Path directory) throws IOException {
        List<String> ports = new ArrayList<>();
        if (Files.isDirectory(directory) && Files.isWritable(directory)) {
            StateDirectory state = StateDirectory.open(directory);
            for (Path file : state.stateFiles()) {
                String port = PortSettings.load(file).port();
                Optional<PortLock> lock = PortLock.tryLock(state.lockFile(port));
                if (lock.isPresent()) {
                    lock.get().close();
                    ports.add(port);
                }
            }
        }
        return ports;
    }

    /** What the operator should know, one line each. */
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Prepares an interface that was deleted and came back with the same name. Does nothing after {@link #close}. */
    public synchronized void again(String port) throws IOException {
        if (closed || !locks.containsKey(port)) {
            return;
        }
        PortSettings gone = before.remove(port);
        if (gone != null) {
            PortChanges.undo(gone);
        }
        Files.deleteIfExists(directory.stateFile(port));
        change(port);
    }

    private void lock(String port) throws IOException {
        PortLock lock = PortLock.tryLock(directory.lockFile(port))
                .orElseThrow(() -> new PreparationException("port " + port
                        + " is in use by another Breakwater: stop that one first (pgrep -af breakwater)"));
        locks.put(port, lock);
    }

    private void change(String port) throws IOException {
        PortSettings settings = originals(port);
        before.put(port, settings);
        settings.store(directory.stateFile(port));
        for (String warning : PortChanges.apply(settings)) {
            if (!warnings.contains(warning)) {
                warnings.add(warning);
            }
        }
    }

    /** What a run that crashed wrote down, if it is about this very interface; else what the port is like now. */
    private PortSettings originals(String port) throws IOException {
        PortSettings now = PortChanges.read(port);
        Path file = directory.stateFile(port);
        if (Files.exists(file)) {
            PortSettings crashed = PortSettings.load(file);
            if (crashed.index() == now.index()) {
                return crashed;
            }
        }
        return now;
    }

    /** Gives all ports back as they were; what fails for one does not keep the others from it. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        List<String> failures = new ArrayList<>();
        for (PortSettings settings : before.values()) {
            try {
                PortChanges.undo(settings);
                Files.deleteIfExists(directory.stateFile(settings.port()));
            } catch (IOException e) {
                failures.add("port " + settings.port() + " was not given back: " + e.getMessage());
            }
        }
        for (PortLock lock : locks.values()) {
            lock.close();
        }
        if (!failures.isEmpty()) {
            throw new PreparationException(failures);
        }
    }
}
