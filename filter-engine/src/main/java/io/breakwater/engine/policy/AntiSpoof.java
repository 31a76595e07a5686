package io.breakwater.engine.policy;

import java.util.List;

/**
 * Source address validation (BCP 38, BCP 84) and special-purpose sources (RFC 6890).
 *
 * @param outbound on the outbound lane the source must be protected
 * @param inbound on the inbound lane the source must not be protected
 * @param bogons inbound sources that no one can have on the internet
 * @param exempt sources never judged, such as the router's own address
 */
public record AntiSpoof(Level outbound, Level inbound, Level bogons, List<Prefix> exempt) {
    /** How strictly a rule is applied. */
    public enum Level {
        OFF,
        /** Counts {@code would_drop}, settles nothing. */
        MONITOR,
        /** Drops as {@code antispoof}. */
        STRICT
    }

    public AntiSpoof {
        exempt = List.copyOf(exempt);
    }

    /** Nothing is judged. */
    public static final AntiSpoof OFF = new AntiSpoof(Level.OFF, Level.OFF, Level.OFF, List.of());
}
