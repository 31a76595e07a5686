package io.breakwater.engine.classify;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AntiSpoof.Level;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Prefix;
import java.util.List;

/**
 * Source address validation of one lane (BCP 38, BCP 84): outbound sources must be protected, inbound ones must not be,
 * and inbound ones must be such as the internet can have.
 *
 * <p>Never judges sources {@code ::} and fe80::/10, {@code 0.0.0.0} in DHCP, the exempt prefixes, and frames to
 * 224.0.0.0/24 or ff02::/16: they belong to the link. Without {@code protected} the first two rules cannot judge.
 *
 * <p><b>Thread:</b> immutable, any. <b>Cost:</b> one {@link PrefixTable} lookup; a frame that breaks a rule costs another.
 */
public final class SpoofGuard implements SourceClassifier {
    // RFC 2131 section 4.1; IANA service names and port numbers.
    private static final int DHCP_CLIENT_PORT = 68;
    private static final int DHCP_SERVER_PORT = 67;
    private static final int UDP = 17;
    private static final int NOT_CAPTURED = -1;

    private static final long LOCAL_NETWORK_CONTROL = 0xe000_00L; // 224.0.0.0/24, RFC 5771 section 4
    private static final long LINK_LOCAL_UNICAST = 0xfe80L >>> 6; // fe80::/10, RFC 4291 section 2.5.6
    private static final long LINK_LOCAL_MULTICAST = 0xff02L; // ff02::/16, RFC 4291 section 2.7

    // What a table says of a source: the level of the rule that it breaks.
    private static final int NONE = PrefixTable.MISS;
    private static final int MONITORED = 1;
    private static final int DROPPED = 2;

    private final WouldDrop wouldDrop;
    private final boolean judges;
    private final PrefixTable outcomes;
    private final PrefixTable exempt;

    /** Compiles {@code antispoof} for one lane. */
    public SpoofGuard(Policy policy, Lane lane, WouldDrop wouldDrop) {
        boolean inbound = lane == Lane.INBOUND;
        this.wouldDrop = wouldDrop;
        Level wanted =
                inbound ? policy.antiSpoof().inbound() : policy.antiSpoof().outbound();
        Level protectedRule = policy.protectedPrefixes().isEmpty() ? Level.OFF : wanted;
        Level bogonRule = inbound ? policy.antiSpoof().bogons() : Level.OFF;
        this.judges = protectedRule != Level.OFF || bogonRule != Level.OFF;
        this.outcomes = outcomes(policy, !inbound, protectedRule, bogonRule);
        this.exempt = PrefixTable.of(policy.antiSpoof().exempt());
    }

    /** One table for both rules, so that a frame needs one lookup. A protected source is no bogon: at most one rule is broken. */
    private static PrefixTable outcomes(Policy policy, boolean mustBeProtected, Level protectedRule, Level bogonRule) {
        PrefixTable protectedSources = PrefixTable.of(policy.protectedPrefixes());
        PrefixTable trusted = PrefixTable.of(policy.trusted());
        return PrefixTable.of(List.of(protectedSources, trusted, Bogons.TABLE), (ipv4, hi, lo) -> {
            boolean isProtected = protectedSources.contains(ipv4, hi, lo);
            if (protectedRule != Level.OFF && isProtected != mustBeProtected) {
                return outcome(protectedRule);
            }
            boolean isBogon = Bogons.contain(ipv4, hi, lo) && !isProtected && !trusted.contains(ipv4, hi, lo);
            return isBogon ? outcome(bogonRule) : NONE;
        });
    }

    private static int outcome(Level level) {
        return switch (level) {
            case OFF -> NONE;
            case MONITOR -> MONITORED;
            case STRICT -> DROPPED;
        };
    }

    /** Whether any rule is on, so that the lane's chain needs this guard. */
    public boolean judges() {
        return judges;
    }

    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        int outcome = outcomes.lookup(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
        if (outcome == NONE || isNeverJudged(frame)) {
            return Verdict.UNSETTLED;
        }
        if (outcome == DROPPED) {
            return Reasons.ANTISPOOF;
        }
        wouldDrop.count(Reasons.ANTISPOOF, frame);
        return Verdict.UNSETTLED;
    }

    @Override
    public PrefixTable sources() {
        return outcomes;
    }

    /** Prefixes that decide whether a source is a bogon; between them the answer does not change. */
    public static List<Prefix> bogonPrefixes() {
        return Bogons.named();
    }

    /** The level of the rule that frames from this source break, whatever else they are; OFF if it is exempt. */
    public Level levelOf(boolean ipv4, long hi, long lo) {
        return switch (exempt.contains(ipv4, hi, lo) ? NONE : outcomes.lookup(ipv4, hi, lo)) {
            case DROPPED -> Level.STRICT;
            case MONITORED -> Level.MONITOR;
            default -> Level.OFF;
        };
    }

    @HotPath
    private boolean isNeverJudged(FrameSlot frame) {
        boolean ofTheLink = frame.isIpv4() ? isOfIpv4Link(frame) : isOfIpv6Link(frame);
        return ofTheLink || exempt.contains(frame.isIpv4(), frame.sourceHi(), frame.sourceLo());
    }

    @HotPath
    private static boolean isOfIpv4Link(FrameSlot frame) {
        return frame.destinationLo() >>> 8 == LOCAL_NETWORK_CONTROL || (frame.sourceLo() == 0 && mayBeDhcp(frame));
    }

    /** A client that has no address yet asks for one. Ports that were not captured settle nothing. */
    @HotPath
    private static boolean mayBeDhcp(FrameSlot frame) {
        if (frame.protocol() == NOT_CAPTURED) {
            return true;
        }
        if (frame.protocol() != UDP || frame.fragment() == FrameSlot.LATER_FRAGMENT) {
            return false;
        }
        return frame.sourcePort() == FrameSlot.NO_PORT
                || (frame.sourcePort() == DHCP_CLIENT_PORT && frame.destinationPort() == DHCP_SERVER_PORT);
    }

    @HotPath
    private static boolean isOfIpv6Link(FrameSlot frame) {
        return (frame.sourceHi() == 0 && frame.sourceLo() == 0)
                || frame.sourceHi() >>> 54 == LINK_LOCAL_UNICAST
                || frame.destinationHi() >>> 48 == LINK_LOCAL_MULTICAST;
    }
}
