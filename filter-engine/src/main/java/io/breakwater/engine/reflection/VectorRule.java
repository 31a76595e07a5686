package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.classify.DestinationLimit;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import org.jspecify.annotations.Nullable;

/**
 * One vector, compiled.
 *
 * @param action what to do with a match
 * @param port the vector's port
 * @param signature id of the signature that a match must bear, or {@link #ANY_PAYLOAD}
 * @param protocol one of {@link Protocol}
 * @param reason why a frame is dropped: {@code reflection:}, {@code unsolicited:} or {@code limit:} with the name
 * @param modeSixOrSeven {@code reflection:<name>} if NTP's modes 6 and 7 are always dropped, or 0
 * @param monitor counts only
 * @param limit for action LIMIT
 */
record VectorRule(
        Vector.Action action,
        int port,
        int signature,
        int protocol,
        int reason,
        int modeSixOrSeven,
        boolean monitor,
        @Nullable DestinationLimit limit) {
    static final int ANY_PAYLOAD = -1;

    static VectorRule of(Vector vector, Reasons reasons, @Nullable DestinationLimit limit) {
        return new VectorRule(
                vector.action(),
                vector.port(),
                signature(vector),
                Protocol.of(vector),
                reason(vector, reasons),
                ReflectionFilter.dropsNtpModes(vector) ? reasons.reflection(vector.name()) : 0,
                vector.mode() == RuleMode.MONITOR,
                limit);
    }

    private static int signature(Vector vector) {
        if (vector.match() == Vector.Match.PORT) {
            return ANY_PAYLOAD;
        }
        if (vector.signature() == null) {
            throw new IllegalArgumentException(
                    "reflection." + vector.name() + ": no signature is known; match it by port");
        }
        return Signatures.id(vector.signature());
    }

    private static int reason(Vector vector, Reasons reasons) {
        return switch (vector.action()) {
            case DROP, ALERT -> reasons.reflection(vector.name());
            case SOLICITED -> reasons.unsolicited(vector.name());
            case LIMIT -> reasons.limit(vector.name());
        };
    }

    /** Whether the payload bears the signature, if one is needed. */
    @HotPath
    boolean matchesPayload(FrameSlot frame) {
        return signature == ANY_PAYLOAD || Signatures.matches(signature, frame);
    }
}
