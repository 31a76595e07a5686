package io.breakwater.appliance.doctor;

import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.PairConfig;
import io.breakwater.appliance.config.ThreadPlan;
import io.breakwater.appliance.process.HeapRoom;
import io.breakwater.capture.prepare.Finding;
import io.breakwater.capture.prepare.PortPair;
import io.breakwater.capture.prepare.PortPreparation;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.pipeline.PairEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Examines a box without changing it. What {@code run} refuses comes from the same checks that {@code run} makes.
 *
 * <p><b>Thread:</b> any; control path only. <b>Cost:</b> some tens of milliseconds, most of it in ethtool and ip.
 */
public final class Doctor {
    private Doctor() {}

    /**
     * Everything that is wrong, the worst first.
     *
     * @param configuration whose pairs and tables are to fit this box
     * @param stateDirectory where runs keep the cards' settings
     */
    public static List<Finding> examine(Configuration configuration, Path stateDirectory) throws IOException {
        List<Finding> findings =
                new ArrayList<>(PortPreparation.examine(ports(configuration), wantsXdp(configuration)));
        for (PortPair left : PortPreparation.leftBehind(stateDirectory)) {
            findings.add(Finding.warning(
                    "left-behind",
                    "port " + left.outside() + " is still "
                            + (left.failOpen()
                                    ? "joined with " + left.inside() + ", unfiltered,"
                                    : "closed, so that nothing reaches " + left.inside() + ",")
                            + " by a run that has ended: start it again, or give the port back",
                    "breakwater release"));
        }
        findings.addAll(ofJavaAndCores(configuration, tableBytes(configuration)));
        return List.copyOf(findings);
    }

    /**
     * What a box that forwards should still hear: never a reason not to start.
     *
     * @param tableBytes what the tables of all pairs take
     */
    public static List<Finding> advise(Configuration configuration, long tableBytes) {
        try {
            List<Finding> findings =
                    new ArrayList<>(PortPreparation.advise(ports(configuration), wantsXdp(configuration)));
            findings.addAll(ofJavaAndCores(configuration, tableBytes));
            return findings;
        } catch (IOException e) {
            return List.of(Finding.warning("doctor", "the box could not be examined (" + e.getMessage() + ")"));
        }
    }

    private static List<Finding> ofJavaAndCores(Configuration configuration, long tableBytes) {
        List<Finding> findings = new ArrayList<>(JavaChecks.findings(tableBytes));
        int cores = Runtime.getRuntime().availableProcessors();
        int busy = configuration.pairs().stream()
                .filter(pair -> pair.idle() == PairConfig.Idle.BUSY)
                .mapToInt(pair -> ThreadPlan.of(pair, cores).threads())
                .sum();
        if (busy > cores) {
            findings.add(Finding.warning(
                    "cores",
                    busy + " threads never sleep on " + cores + " cores, so they take them from one another",
                    "set idle: adaptive, or threads: 1"));
        }
        if (cores < 2 && !configuration.pairs().isEmpty()) {
            findings.add(Finding.warning(
                    "cores", "one core receives, filters and sends", "give the box a second one, or set threads: 1"));
        }
        return findings;
    }

    /** Sets one pair's tables up to weigh them, as {@code check} does. */
    private static long tableBytes(Configuration configuration) {
        HeapRoom.require(configuration.policy(), configuration.pairs().size());
        return configuration.pairs().size()
                * new PairEngine(configuration.policy(), new Reasons(), PairEngine.Setup.REPLAY).memoryBytes();
    }

    private static List<PortPair> ports(Configuration configuration) {
        return configuration.pairs().stream().map(PairConfig::ports).toList();
    }

    private static boolean wantsXdp(Configuration configuration) {
        return configuration.pairs().stream().anyMatch(pair -> pair.backend() == PairConfig.Backend.XDP);
    }
}
