package io.breakwater.appliance.events;

import java.util.Locale;

/** What can happen: the catalogue of events, with the names that files, API and commands use. */
public enum EventKind {
    START(Severity.INFO),
    STOP(Severity.INFO),
    ATTACK_START(Severity.WARNING),
    ATTACK_UPDATE(Severity.INFO),
    ATTACK_END(Severity.INFO),
    HOLD_START(Severity.WARNING),
    HOLD_END(Severity.INFO),
    RELOAD(Severity.INFO),
    RELOAD_REFUSED(Severity.ERROR),
    PORT_DOWN(Severity.WARNING),
    PORT_UP(Severity.INFO),
    PAIR_FAILED(Severity.ERROR),
    TABLE_FULL(Severity.WARNING),
    OVERLOAD_START(Severity.WARNING),
    OVERLOAD_END(Severity.INFO),
    BLOCK(Severity.INFO),
    UNBLOCK(Severity.INFO),
    INTERNAL_ERROR(Severity.ERROR),
    KEEPER_LOST(Severity.ERROR),
    EVENTS_LOST(Severity.WARNING),
    /** What a pair counted; for the log, not for people: {@link #isNews}. */
    TOTALS(Severity.INFO);

    /** How much it matters. */
    public enum Severity {
        INFO,
        WARNING,
        ERROR;

        /** As events write it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Severity severity;

    EventKind(Severity severity) {
        this.severity = severity;
    }

    public Severity severity() {
        return severity;
    }

    /** Whether people want to be told: what is no news is written to the log only, and no reader of the API sees it. */
    public boolean isNews() {
        return this != TOTALS;
    }

    /** As events write it: {@code attack-start}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
