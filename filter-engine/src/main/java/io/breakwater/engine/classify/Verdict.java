package io.breakwater.engine.classify;

/** The ints that classifiers answer with. A drop is its reason's id ({@code Reasons}), always above 0. */
public final class Verdict {
    /** Settles nothing: the next classifier looks. */
    public static final int UNSETTLED = 0;
    /** Settled: forward, no later classifier looks. */
    public static final int FORWARD = -1;

    private Verdict() {}
}
