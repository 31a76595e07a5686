package io.breakwater.appliance.config;

import io.breakwater.capture.prepare.PortPair;
import java.util.List;

/**
 * Two cards joined inline.
 *
 * @param name label of metrics and reports
 * @param outside interface towards the internet
 * @param inside interface towards what is protected
 * @param backend how frames get in and out
 * @param threads 1–3: how many threads a lane's stages are spread over, or {@link #THREADS_BY_CORES}
 * @param shield the in-kernel XDP program
 * @param idle what a thread does while no frames come
 * @param fail what happens to frames when the filter stops
 * @param linkPassThrough whether one card's link goes down with the other's
 * @param zeroCopy whether an AF_XDP socket and the card's driver share memory
 * @param cpus cores that the pair's threads are kept on, in turn; empty to leave that to the kernel
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
        boolean linkPassThrough,
        ZeroCopy zeroCopy,
        List<Integer> cpus) {

    /** Used where a pair does not say, see {@link ThreadPlan}. */
    public static final int THREADS_BY_CORES = 0;

    public PairConfig {
        cpus = List.copyOf(cpus);
    }

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

    /** Whether an AF_XDP socket and the card's driver share memory. */
    public enum ZeroCopy {
        AUTO,
        ON,
        OFF
    }

    /** Its interfaces, as they are prepared. */
    public PortPair ports() {
        return new PortPair(outside, inside, backend == Backend.XDP, fail == Fail.OPEN);
    }
}
