package io.breakwater.engine.attack;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.AttackDetection;
import io.breakwater.engine.policy.LimitRule;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.Rate;
import io.breakwater.engine.policy.Vector;

/**
 * A policy's attack thresholds, compiled: which frames count, by what name, and how many are an attack.
 *
 * <p>A frame counts by the vector whose rule it met, whatever became of it (solicited answers and requests met none); else
 * by the reason it is dropped for: a later fragment by that of its first one, one that a limit dropped as {@code limit},
 * one over the budget of unknown fragments as {@code fragment}. What was dropped for its source address before the
 * reflection table was asked counts by the vector of its source port.
 *
 * <p><b>Thread:</b> immutable, any.
 */
public final class AttackRules {
    /** Frames that count by no name. */
    static final int NONE = 0;

    private static final short BY_PORT = -1;
    private static final int UDP = 17;
    private static final String LIMIT = "limit";
    private static final String FRAGMENT = "fragment";

    private final long endAfterNs;
    private final short[] vectorOfReason = new short[Reasons.CAPACITY];
    private final short[] vectorAtPort = new short[65_536];
    // By vector number: what a window must hold to be over.
    private final long[] packetsOver = new long[VectorNames.CAPACITY];
    private final long[] bitsOver = new long[VectorNames.CAPACITY];

    private AttackRules(Policy policy, Reasons reasons, VectorNames names) {
        AttackDetection detection = policy.attack();
        endAfterNs = detection.endAfterNs();
        int limit = names.id(LIMIT);
        int fragment = names.id(FRAGMENT);
        if (detection.enabled()) {
            vectorOfReason[Reasons.FRAGMENT] = (short) fragment;
            vectorOfReason[Reasons.BLOCKED_SOURCE] = BY_PORT;
            vectorOfReason[Reasons.ANTISPOOF] = BY_PORT;
            for (LimitRule rule : policy.limits()) {
                vectorOfReason[reasons.limit(rule.name())] = (short) limit;
            }
            for (Vector vector : policy.vectors()) {
                addVector(vector, reasons, (short) names.id(vector.name()));
            }
        }
        for (int id = 1; id < VectorNames.CAPACITY; id++) {
            AttackDetection.Threshold threshold = detection.threshold(names.name(id));
            packetsOver[id] = perWindow(threshold.packets());
            bitsOver[id] = perWindow(threshold.bits());
        }
    }

    static AttackRules of(Policy policy, Reasons reasons, VectorNames names) {
        return new AttackRules(policy, reasons, names);
    }

    private void addVector(Vector vector, Reasons reasons, short id) {
        vectorOfReason[reasons.reflection(vector.name())] = id;
        vectorOfReason[reasons.unsolicited(vector.name())] = id;
        if (vector.action() == Vector.Action.LIMIT) {
            vectorOfReason[reasons.limit(vector.name())] = id;
        }
        if (vector.match() == Vector.Match.PORT) {
            vectorAtPort[vector.port()] = id;
        }
    }

    /** What a window must hold to be at the rate, rounded up, at least 1. */
    private static long perWindow(Rate rate) {
        long windowsPerPeriod = rate.periodNs() / AttackDetector.WINDOW_NS;
        return Math.ceilDiv(rate.amount(), windowsPerPeriod);
    }

    /** The number of the vector that a judged frame counts by, or {@link #NONE}. */
    @HotPath
    int vectorOf(FrameSlot frame, int verdict) {
        int reason = frame.matchedReason() != 0 ? frame.matchedReason() : verdict;
        if (reason <= 0) {
            return NONE;
        }
        int vector = vectorOfReason[reason];
        return vector == BY_PORT ? vectorByPort(frame) : vector;
    }

    private int vectorByPort(FrameSlot frame) {
        int port = frame.sourcePort();
        return port >= 0 && frame.protocol() == UDP ? vectorAtPort[port] : NONE;
    }

    /** Whether a window that holds so much is at its threshold. */
    @HotPath
    boolean isOver(int vector, long packets, long bytes) {
        return packets >= packetsOver[vector] || bytes * Byte.SIZE >= bitsOver[vector];
    }

    /** Whether it is at half of its threshold, at which an attack goes on. */
    @HotPath
    boolean isHigh(int vector, long packets, long bytes) {
        return isOver(vector, 2 * packets, 2 * bytes);
    }

    long endAfterNs() {
        return endAfterNs;
    }
}
