package io.breakwater.engine.frame;

import java.util.Locale;

/** One direction of a pair of ports. */
public enum Lane {
    /** From the outside (the internet) to the inside (what is protected). */
    INBOUND,
    /** From the inside to the outside. */
    OUTBOUND;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The lane's name in policies, metrics and reports: {@code inbound} or {@code outbound}. */
    public String label() {
        return label;
    }

    /** The opposite direction. */
    public Lane reverse() {
        return this == INBOUND ? OUTBOUND : INBOUND;
    }
}
