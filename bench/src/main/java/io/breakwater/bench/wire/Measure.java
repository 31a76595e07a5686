package io.breakwater.bench.wire;

/** What can be asked of a device. */
enum Measure {
    /** How much of a workload gets through when the sender sends as much as it can; round trips under that load. */
    GOODPUT,
    /** Round trips of single probes on a calm line. */
    CALM,
    /** The highest rate at which less than a thousandth of the legitimate frames is lost (RFC 2544, section 26.1). */
    HIGHEST,
    /** Legitimate goodput as the attack grows. */
    CURVE
}
