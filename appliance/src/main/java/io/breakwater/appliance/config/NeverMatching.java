package io.breakwater.appliance.config;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds conditions that no frame can meet. Finds the common mistakes, not every contradiction. */
final class NeverMatching {
    /** The protocols whose ports the engine reads: TCP and UDP (IANA numbers). */
    private static final Set<Integer> WITH_PORTS = Set.of(LimitRule.Match.ANY_PROTOCOL, 6, BuiltInPolicy.UDP);

    private NeverMatching() {}

    /** Why; null if nothing was found. */
    static @Nullable String why(LimitRule.Match match, Policy policy, SourcesSection sources) {
        boolean ports =
                !match.sourcePorts().isEmpty() || !match.destinationPorts().isEmpty();
        if (ports && (match.icmp() || !WITH_PORTS.contains(match.protocol()))) {
            return "only UDP and TCP have ports";
        }
        if (haveOneFamilyEach(match)) {
            return "no frame has a source of one address family and a destination of the other";
        }
        if (!match.sources().isEmpty() && match.sources().stream().allMatch(sources::settle)) {
            return "all its sources are in 'sources', which settles them first";
        }
        return match.anyVector() || !match.vectors().isEmpty() ? whyNoVector(match, policy) : null;
    }

    private static boolean haveOneFamilyEach(LimitRule.Match match) {
        if (match.sources().isEmpty() || match.destinations().isEmpty()) {
            return false;
        }
        return match.sources().stream()
                .noneMatch(source -> match.destinations().stream().anyMatch(to -> to.ipv4() == source.ipv4()));
    }

    private static @Nullable String whyNoVector(LimitRule.Match match, Policy policy) {
        if (match.icmp()
                || (match.protocol() != LimitRule.Match.ANY_PROTOCOL && match.protocol() != BuiltInPolicy.UDP)) {
            return "vectors are UDP";
        }
        List<Vector> vectors = policy.vectors().stream()
                .filter(vector -> match.anyVector() || match.vectors().contains(vector.name()))
                .toList();
        if (vectors.isEmpty()) {
            return "its vectors are switched off in 'reflection'";
        }
        boolean noPort = !match.sourcePorts().isEmpty()
                && vectors.stream()
                        .noneMatch(vector ->
                                match.sourcePorts().stream().anyMatch(range -> range.contains(vector.port())));
        if (noPort) {
            return "its source-ports hold none of its vectors' ports";
        }
        boolean allDropped = match.lane() == Lane.INBOUND && vectors.stream().allMatch(NeverMatching::isDroppedByPort);
        return allDropped ? "'reflection' drops its vectors before the limits are reached" : null;
    }

    private static boolean isDroppedByPort(Vector vector) {
        return vector.action() == Vector.Action.DROP
                && vector.match() == Vector.Match.PORT
                && vector.mode() == RuleMode.ENFORCE;
    }
}
