package io.breakwater.engine.policy;

/** Whether verdicts count. */
public enum RuleMode {
    /** Decide, count and drop. */
    ENFORCE,
    /** Decide, count as {@code would_drop}, and settle nothing. */
    MONITOR
}
