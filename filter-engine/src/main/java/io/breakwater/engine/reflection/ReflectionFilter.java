package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.Classifier;
import io.breakwater.engine.classify.DestinationLimit;
import io.breakwater.engine.classify.Verdict;
import io.breakwater.engine.classify.WouldDrop;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Vector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reflection step of the inbound lane: drops the answers of vectors, forwards solicited ones, limits the rest.
 *
 * <p>It looks at UDP datagrams and first fragments. A vector matches by source port, by the signature of the payload
 * from any source port, or by both. If several vectors match, drop comes first, then solicited, limit and alert.
 *
 * <p>An answer that an inside host asked for is marked {@link FrameSlot#solicited}; that settles nothing.
 *
 * <p><b>Cost:</b> one table look-up by source port; per vector that matches by signature alone, one look at the payload.
 *
 * <p><b>Thread:</b> the inbound lane's filter worker, alone; {@link #ports} and {@link #droppedPorts} any.
 */
public final class ReflectionFilter implements Classifier {
    private static final int UDP = 17;

    /** Those that match by port, or by port and signature. */
    private final VectorRule[] rules;

    /** By source port: the index in {@code rules}, plus one; 0 = none. */
    private final short[] ruleAtPort;
    /** Those that match by signature from any port, by order of action. */
    private final VectorRule[] anyPort;

    private final Questions questions;
    private final @Nullable SolicitedTable table;
    private final WouldDrop wouldDrop;

    private ReflectionFilter(
            List<VectorRule> rules,
            List<VectorRule> anyPort,
            Questions questions,
            @Nullable SolicitedTable table,
            WouldDrop wouldDrop) {
        this.rules = rules.toArray(VectorRule[]::new);
        this.anyPort = anyPort.toArray(VectorRule[]::new);
        this.ruleAtPort = new short[65_536];
        for (int i = 0; i < this.rules.length; i++) {
            ruleAtPort[this.rules[i].port()] = (short) (i + 1);
        }
        this.questions = questions;
        this.table = table;
        this.wouldDrop = wouldDrop;
    }

    /**
     * Compiles the policy's vectors.
     *
     * @param solicited what inside hosts asked; null, or a policy without {@code protected}, enforces no solicited vector
     * @param limits gives the budget of a vector that has a limit of its own
     * @throws IllegalArgumentException if a vector matches by a signature that there is not
     */
    public static ReflectionFilter compile(
            Policy policy,
            Reasons reasons,
            WouldDrop wouldDrop,
            @Nullable SolicitedTable solicited,
            Function<Vector, DestinationLimit> limits) {
        List<VectorRule> byPort = new ArrayList<>();
        List<VectorRule> anyPort = new ArrayList<>();
        for (Vector vector : policy.vectors()) {
            DestinationLimit limit = vector.limit() == null ? null : limits.apply(vector);
            VectorRule rule = VectorRule.of(vector, reasons, limit);
            (vector.match() == Vector.Match.SIGNATURE ? anyPort : byPort).add(rule);
        }
        anyPort.sort(Comparator.comparing(VectorRule::action));
        boolean enforced = !policy.protectedPrefixes().isEmpty();
        return new ReflectionFilter(byPort, anyPort, Questions.of(policy), enforced ? solicited : null, wouldDrop);
    }

    /** Whether answers in NTP's modes 6 and 7 are dropped as {@code reflection:<name>}, solicited or not. */
    public static boolean dropsNtpModes(Vector vector) {
        return vector.action() == Vector.Action.SOLICITED && Protocol.of(vector) == Protocol.NTP;
    }

    /** A vector may match UDP frames from these ports; all others {@link #classify} leaves unsettled and unmarked. */
    public BitSet ports() {
        BitSet ports = new BitSet(ruleAtPort.length);
        ports.set(0, ruleAtPort.length, anyPort.length != 0);
        for (VectorRule rule : rules) {
            ports.set(rule.port());
        }
        return ports;
    }

    /** Source ports that will probably have a UDP frame dropped, as they do with most of a flood. */
    public BitSet droppedPorts() {
        BitSet ports = new BitSet(ruleAtPort.length);
        for (VectorRule rule : rules) {
            ports.set(rule.port(), rule.action() == Vector.Action.DROP);
        }
        return ports;
    }

    @Override
    @HotPath
    public int classify(FrameSlot frame, long nowNs) {
        int port = frame.sourcePort();
        if (port < 0 || frame.protocol() != UDP) {
            return Verdict.UNSETTLED;
        }
        int index = ruleAtPort[port] & 0xffff;
        VectorRule byPort = index == 0 ? null : rules[index - 1];
        if (anyPort.length > 0) {
            return judgeInOrder(byPort, frame, nowNs);
        }
        return byPort == null ? Verdict.UNSETTLED : judge(byPort, frame, nowNs);
    }

    /** Judges by the port's rule, which may be missing, and by those of any port, in the order of their actions. */
    @HotPath
    private int judgeInOrder(@Nullable VectorRule byPort, FrameSlot frame, long nowNs) {
        boolean pending = byPort != null;
        for (int i = 0; i < anyPort.length; i++) {
            if (byPort != null && pending && byPort.action().compareTo(anyPort[i].action()) <= 0) {
                pending = false;
                int verdict = judge(byPort, frame, nowNs);
                if (verdict != Verdict.UNSETTLED) {
                    return verdict;
                }
            }
            int verdict = judge(anyPort[i], frame, nowNs);
            if (verdict != Verdict.UNSETTLED) {
                return verdict;
            }
        }
        return byPort != null && pending ? judge(byPort, frame, nowNs) : Verdict.UNSETTLED;
    }

    @HotPath
    private int judge(VectorRule rule, FrameSlot frame, long nowNs) {
        if (!rule.matchesPayload(frame)) {
            return Verdict.UNSETTLED;
        }
        return switch (rule.action()) {
            case DROP -> drop(rule, rule.reason(), frame);
            case SOLICITED -> solicited(rule, frame, nowNs);
            case LIMIT -> limit(rule, frame, nowNs);
            case ALERT -> alert(rule, frame);
        };
    }

    private int drop(VectorRule rule, int reason, FrameSlot frame) {
        frame.matchedReason(reason);
        if (rule.monitor()) {
            wouldDrop.count(reason, frame);
            return Verdict.UNSETTLED;
        }
        return reason;
    }

    private int alert(VectorRule rule, FrameSlot frame) {
        frame.matchedReason(rule.reason());
        wouldDrop.count(rule.reason(), frame);
        return Verdict.UNSETTLED;
    }

    private int limit(VectorRule rule, FrameSlot frame, long nowNs) {
        frame.matchedReason(rule.reason());
        DestinationLimit limit = rule.limit();
        if (limit == null || limit.allows(frame, nowNs)) {
            return Verdict.UNSETTLED;
        }
        return drop(rule, rule.reason(), frame);
    }

    @HotPath
    private int solicited(VectorRule rule, FrameSlot frame, long nowNs) {
        if (rule.modeSixOrSeven() != 0 && Ntp.isModeSixOrSevenAnswer(frame)) {
            return drop(rule, rule.modeSixOrSeven(), frame);
        }
        int role = Protocol.role(rule.protocol(), frame);
        boolean judged = role == Protocol.ANSWER || role == Protocol.UNCLEAR;
        SolicitedTable asked = table;
        if (asked != null) {
            long session = questions.answered(frame);
            if ((judged || !Session.isDns(session)) && wasAsked(asked, session, frame, nowNs)) {
                frame.solicited(true);
                return Verdict.UNSETTLED;
            }
        }
        if (!judged) {
            return Verdict.UNSETTLED;
        }
        if (asked == null) {
            frame.matchedReason(rule.reason());
            return Verdict.UNSETTLED;
        }
        if (!asked.enforces(frame.destinationHi(), frame.destinationLo(), Session.familyOf(frame), nowNs)) {
            return Verdict.UNSETTLED;
        }
        return drop(rule, rule.reason(), frame);
    }

    private static boolean wasAsked(SolicitedTable asked, long session, FrameSlot frame, long nowNs) {
        return session != Session.NONE
                && asked.admits(
                        frame.destinationHi(),
                        frame.destinationLo(),
                        frame.sourceHi(),
                        frame.sourceLo(),
                        session,
                        nowNs);
    }
}
