package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.PrefixTable;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Prefix;
import io.breakwater.engine.policy.Vector;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a limit looks at a frame: every condition that its {@code match} gives must hold. The lane is not looked
 * at, for it is known when the chain is built.
 *
 * <p>A frame without ports (other protocols, later fragments, ports that were not captured) fulfils no condition on
 * ports or vectors; one whose protocol was not captured none on protocols.
 *
 * <p><b>Thread:</b> immutable, any. <b>Cost:</b> conditions that are not given cost one null check, or nothing if only
 * the protocol is given.
 */
final class FrameMatch {
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;

    private final int ipv4Protocol;
    private final int ipv6Protocol;
    private final boolean moreThanProtocol;
    private final @Nullable PrefixTable sources;
    private final @Nullable PrefixTable destinations;
    private final @Nullable PortSet sourcePorts;
    private final @Nullable PortSet destinationPorts;
    private final @Nullable PortSet vectorPorts;
    private final boolean unsolicitedOnly;
    private final boolean wholeOnly;
    private final boolean fragmentsOnly;
    private final int minBytes;
    private final int maxBytes;

    /** @param vectors those that the policy knows, for their ports */
    FrameMatch(LimitRule.Match match, List<Vector> vectors) {
        this.ipv4Protocol = match.icmp() ? ICMP : match.protocol();
        this.ipv6Protocol = match.icmp() ? ICMPV6 : match.protocol();
        this.sources = prefixes(match.sources());
        this.destinations = prefixes(match.destinations());
        this.sourcePorts = ports(match.sourcePorts());
        this.destinationPorts = ports(match.destinationPorts());
        this.vectorPorts = vectorPorts(match, vectors);
        this.unsolicitedOnly = match.unsolicitedOnly();
        this.wholeOnly = Boolean.FALSE.equals(match.fragment());
        this.fragmentsOnly = Boolean.TRUE.equals(match.fragment());
        LimitRule.Range size = match.size();
        this.minBytes = size == null ? 0 : size.low();
        this.maxBytes = size == null ? Integer.MAX_VALUE : size.high();
        this.moreThanProtocol = sources != null
                || destinations != null
                || sourcePorts != null
                || destinationPorts != null
                || vectorPorts != null
                || unsolicitedOnly
                || match.fragment() != null
                || size != null;
    }

    private static @Nullable PrefixTable prefixes(List<Prefix> prefixes) {
        return prefixes.isEmpty() ? null : PrefixTable.of(prefixes);
    }

    private static @Nullable PortSet ports(List<LimitRule.Range> ranges) {
        return ranges.isEmpty() ? null : PortSet.of(ranges);
    }

    private static @Nullable PortSet vectorPorts(LimitRule.Match match, List<Vector> vectors) {
        if (!match.anyVector() && match.vectors().isEmpty()) {
            return null;
        }
        PortSet ports = new PortSet();
        for (Vector vector : vectors) {
            if (match.anyVector() || match.vectors().contains(vector.name())) {
                ports.add(vector.port());
            }
        }
        return ports;
    }

    /** Whether frames of the protocol can match: those whose number that is, -1 where it was not captured. */
    @HotPath
    boolean mayMatch(boolean ipv4, int protocol) {
        int wanted = ipv4 ? ipv4Protocol : ipv6Protocol;
        return wanted == LimitRule.Match.ANY_PROTOCOL || wanted == protocol;
    }

    /** Whether the protocol is all that counts. */
    boolean isOfProtocolOnly() {
        return !moreThanProtocol;
    }

    /** Source ports from which UDP frames can match, and nothing else can, where vectors decide; else null. */
    @Nullable
    BitSet vectorPorts() {
        return vectorPorts == null ? null : vectorPorts.toBitSet();
    }

    @HotPath
    boolean matches(FrameSlot frame) {
        return mayMatch(frame.isIpv4(), frame.protocol())
                && (!moreThanProtocol || (matchesPorts(frame) && matchesForm(frame) && matchesAddresses(frame)));
    }

    @HotPath
    private boolean matchesPorts(FrameSlot frame) {
        return (vectorPorts == null || (frame.protocol() == UDP && vectorPorts.contains(frame.sourcePort())))
                && (sourcePorts == null || sourcePorts.contains(frame.sourcePort()))
                && (destinationPorts == null || destinationPorts.contains(frame.destinationPort()));
    }

    @HotPath
    private boolean matchesForm(FrameSlot frame) {
        boolean whole = frame.fragment() == FrameSlot.WHOLE;
        return !(unsolicitedOnly && frame.solicited())
                && !(wholeOnly && !whole)
                && !(fragmentsOnly && whole)
                && frame.length() >= minBytes
                && frame.length() <= maxBytes;
    }

    @HotPath
    private boolean matchesAddresses(FrameSlot frame) {
        boolean ipv4 = frame.isIpv4();
        return (sources == null || sources.contains(ipv4, frame.sourceHi(), frame.sourceLo()))
                && (destinations == null || destinations.contains(ipv4, frame.destinationHi(), frame.destinationLo()));
    }
}
