package io.breakwater.engine.measure;

/** What the engine tells the outside about itself, seldom. Called from data-path threads: must not block or throw. */
public interface EngineEvents {
    /**
     * A frame made a classifier or a port throw; it was dropped as {@code internal} and the lane goes on.
     *
     * @param stage {@code filter} or {@code egress}
     * @param cause what was thrown
     */
    void onInternalError(String stage, Throwable cause);

    /** More than ten internal errors within a second: the lane stops. */
    void onTooManyInternalErrors();
}
