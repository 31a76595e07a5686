package io.breakwater.appliance.gateway;

import io.breakwater.appliance.admin.PolicyDesk;
import io.breakwater.appliance.config.Configuration;
import io.breakwater.appliance.config.LoadOptions;
import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.config.PolicyResult;
import io.breakwater.appliance.config.Problem;
import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.metrics.Metrics;
import io.breakwater.appliance.process.HeapRoom;
import io.breakwater.engine.policy.Policy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in force, changed by a reload of its file or by the API; what has problems changes nothing.
 *
 * <p><b>Thread:</b> control threads; synchronized, so that two changes never mix.
 */
final class PolicyInForce implements PolicyDesk {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyInForce.class);
    private static final String API = "api";

    private final Path file;
    private final Configuration started;
    private final List<LivePair> pairs;
    private final Metrics metrics;
    private final Events events;
    private volatile InForce current;
    private volatile Policy policy;

    PolicyInForce(Path file, Configuration started, List<LivePair> pairs, Metrics metrics, Events events) {
        this.file = file;
        this.started = started;
        this.pairs = pairs;
        this.metrics = metrics;
        this.events = events;
        this.current = new InForce(started.yaml(), file.toString(), Instant.now());
        this.policy = started.policy();
    }

    @Override
    public InForce current() {
        return current;
    }

    /** What decides now. */
    Policy policy() {
        return policy;
    }

    @Override
    public PolicyResult validate(String yaml) {
        return PolicyFile.parse(API, yaml, LoadOptions.swap());
    }

    @Override
    public PolicyResult swap(String yaml) {
        return change(validate(yaml), API);
    }

    /** Reads the file again. */
    void reload() {
        change(PolicyFile.load(file, LoadOptions.run()), file.toString());
    }

    private synchronized PolicyResult change(PolicyResult result, String source) {
        return switch (result) {
            case PolicyResult.Refused refused -> {
                onRefused(refused.problems(), source);
                yield refused;
            }
            case PolicyResult.Accepted accepted -> {
                String why = onAccepted(accepted.configuration(), source);
                yield why == null ? accepted : refuse(why, source);
            }
        };
    }

    private void onRefused(List<Problem> problems, String source) {
        problems.forEach(problem -> LOG.error("{}", problem.render()));
        refuse(source + " has problems; the old policy stays in force", source);
    }

    /** Answers why it is not put in force, or null. */
    private @Nullable String onAccepted(Configuration next, String source) {
        next.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
        boolean fromFile = !source.equals(API);
        if (fromFile && !next.startsLike(started)) {
            LOG.warn("{}: changes of pairs, admin, events and evidence wait for the next start", source);
        }
        // Old and new tables live side by side until every lane has gone over.
        String noRoom = HeapRoom.problem(
                pairs.size() * (HeapRoom.bytes(policy) + HeapRoom.addedBytes(policy, next.policy())),
                Runtime.getRuntime().maxMemory());
        return noRoom == null ? apply(next, source) : noRoom;
    }

    /** A policy that was accepted and yet cannot be compiled must not end a box that forwards. */
    private @Nullable String apply(Configuration next, String source) {
        try {
            pairs.forEach(pair -> pair.reload(next.policy()));
        } catch (RuntimeException e) {
            return "internal error: " + e + "; please report it with " + source;
        }
        policy = next.policy();
        current = new InForce(next.yaml(), source, Instant.now());
        metrics.onReload(true);
        LOG.info("policy reloaded from {}", source);
        events.tell(EventKind.RELOAD, "policy reloaded from " + source, Map.of("source", source));
        return null;
    }

    private PolicyResult.Refused refuse(String why, String source) {
        metrics.onReload(false);
        LOG.error("policy not reloaded: {}", why);
        events.tell(EventKind.RELOAD_REFUSED, "policy not reloaded: " + why, Map.of("source", source));
        return new PolicyResult.Refused(List.of(new Problem(Problem.Severity.ERROR, source, 1, 1, "file", why)));
    }
}
