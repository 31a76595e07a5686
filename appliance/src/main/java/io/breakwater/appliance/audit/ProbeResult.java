package io.breakwater.appliance.audit;

/**
 * What came back.
 *
 * @param target the address that was asked
 * @param state whether it answered
 * @param responseBytes UDP payload of all answers within the wait
 * @param datagrams how many
 */
record ProbeResult(String target, Probe probe, State state, long responseBytes, long datagrams) {
    /** What pays for an attacker. A server that only refuses answers with up to 1.3 times as much (dnsmasq, measured). */
    private static final int WORTH_ABUSING = 2;

    /** How a target took a probe. */
    enum State {
        ANSWERS,
        /** Nothing came: filtered, or nobody listens and nobody says so. */
        SILENT,
        /** The host says that nobody listens (ICMP port unreachable). */
        CLOSED,
        /** The probe could not be sent: no route, or a local firewall. */
        UNSENT
    }

    /** Bandwidth amplification factor as TA14-017A counts it: UDP payload that came back for each byte that was sent. */
    double amplification() {
        return (double) responseBytes / probe.requestBytes();
    }

    /** At least twice as much comes back as was sent. */
    boolean isReflector() {
        return responseBytes >= (long) WORTH_ABUSING * probe.requestBytes();
    }
}
