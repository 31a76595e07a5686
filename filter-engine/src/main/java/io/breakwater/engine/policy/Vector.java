package io.breakwater.engine.policy;

import org.jspecify.annotations.Nullable;

/**
 * A UDP service that attackers reflect from, and what to do with its answers on the inbound lane.
 *
 * @param name stable name, part of the reason
 * @param port UDP source port, 1–65535
 * @param match by port, by response signature, or both
 * @param signature name of the built-in response signature; null if none is known
 * @param action what to do
 * @param limit per-destination bucket, for action LIMIT; null otherwise
 * @param mode monitor: counts {@code would_drop}, settles nothing
 */
public record Vector(
        String name,
        int port,
        Match match,
        @Nullable String signature,
        Action action,
        @Nullable Bucket limit,
        RuleMode mode) {

    /** How an answer of the vector is recognised. */
    public enum Match {
        PORT,
        SIGNATURE,
        BOTH
    }

    /** What to do with it. */
    public enum Action {
        /** Drop every match: {@code reflection:<name>}. */
        DROP,
        /** Forward only what an inside host asked for: otherwise {@code unsolicited:<name>}. */
        SOLICITED,
        /** At most {@code limit} per destination: {@code limit:<name>}. */
        LIMIT,
        /** Count and report only, as {@code would_drop}. */
        ALERT
    }

    public Vector {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in 1–65535");
        }
        if ((action == Action.LIMIT) != (limit != null)) {
            throw new IllegalArgumentException("a rate goes with action limit, and only with it");
        }
    }
}
