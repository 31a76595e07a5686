package io.breakwater.appliance.config;

/**
 * Two cards joined inline.
 *
 * @param name label of metrics and reports
 * @param outside interface towards the internet
 * @param inside interface towards what is protected
 * @param backend how frames get in and out
 * @param threads 1–3: how many threads a lane's stages are spread over
 * @param shield the in-kernel XDP program
 * @param idle what a thread does while no frames come
 * @param fail what happens to frames when the filter stops
 * @param linkPassThrough whether one card's link goes down with the other's
 */
public record PairConfig(
        String name,
        String outside,
        String inside,
        Backend backend,
        int threads,
        Shield shield,
        Idle idle,
        Fail fail,
        boolean linkPassThrough) {

    /** Used where a pair does not say: receiving and filtering side by side. Unmeasured. */
    public static final int DEFAULT_THREADS = 2;

    /** How frames get in and out. */
    public enum Backend {
        PCAP,
        XDP
    }

    /** How the in-kernel program is attached. */
    public enum Shield {
        AUTO,
        NATIVE,
        GENERIC,
        OFF
    }

    /** What a thread does while no frames come. */
    public enum Idle {
        ADAPTIVE,
        BUSY,
        BLOCKING
    }

    /** What happens to frames when the filter stops. */
    public enum Fail {
        OPEN,
        CLOSED
    }
}
