package io.breakwater.engine.limit;

import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.LimitRule.Range;
import io.breakwater.engine.policy.Prefix;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds matches for tests; begins with every frame. */
final class MatchBuilder {
    private @Nullable Lane lane;
    private int protocol = LimitRule.Match.ANY_PROTOCOL;
    private boolean icmp;
    private List<Prefix> sources = List.of();
    private List<Prefix> destinations = List.of();
    private List<Range> sourcePorts = List.of();
    private List<Range> destinationPorts = List.of();
    private Set<String> vectors = Set.of();
    private boolean anyVector;
    private boolean unsolicitedOnly;
    private @Nullable Boolean fragment;
    private @Nullable Range size;

    MatchBuilder lane(Lane lane) {
        this.lane = lane;
        return this;
    }

    MatchBuilder protocol(int protocol) {
        this.protocol = protocol;
        return this;
    }

    MatchBuilder icmp() {
        this.icmp = true;
        return this;
    }

    MatchBuilder sources(String... prefixes) {
        this.sources = List.of(prefixes).stream().map(Prefix::parse).toList();
        return this;
    }

    MatchBuilder destinations(String... prefixes) {
        this.destinations = List.of(prefixes).stream().map(Prefix::parse).toList();
        return this;
    }

    MatchBuilder sourcePorts(Range... ranges) {
        this.sourcePorts = List.of(ranges);
        return this;
    }

    MatchBuilder destinationPorts(Range... ranges) {
        this.destinationPorts = List.of(ranges);
        return this;
    }

    MatchBuilder vectors(String... names) {
        this.vectors = Set.of(names);
        return this;
    }

    MatchBuilder anyVector() {
        this.anyVector = true;
        return this;
    }

    MatchBuilder unsolicitedOnly() {
        this.unsolicitedOnly = true;
        return this;
    }

    MatchBuilder fragment(boolean fragment) {
        this.fragment = fragment;
        return this;
    }

    MatchBuilder size(int low, int high) {
        this.size = new Range(low, high);
        return this;
    }

    LimitRule.Match build() {
        return new LimitRule.Match(
                lane,
                protocol,
                icmp,
                sources,
                destinations,
                sourcePorts,
                destinationPorts,
                vectors,
                anyVector,
                unsolicitedOnly,
                fragment,
                size);
    }
}
