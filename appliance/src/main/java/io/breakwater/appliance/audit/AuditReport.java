package io.breakwater.appliance.audit;

import java.util.List;

/**
 * All that an audit saw.
 *
 * @param version the installed memcached
 * @param settings one per file
 * @param sockets listening sockets of vectors and of memcached
 * @param udpDropped whether the host firewall drops strangers' UDP to memcached's port, both families
 * @param tcpDropped the same for TCP
 * @param probes what the named addresses answered
 * @param findings what attackers can use
 * @param notes what could not be looked at, and what is held back by the firewall alone
 * @param unread files that could not be read, each with the next step; not empty, no finding means nothing
 */
public record AuditReport(
        String version,
        List<MemcachedSettings> settings,
        List<HostSocket> sockets,
        boolean udpDropped,
        boolean tcpDropped,
        List<ProbeResult> probes,
        List<Finding> findings,
        List<String> notes,
        List<String> unread) {
    public AuditReport {
        settings = List.copyOf(settings);
        sockets = List.copyOf(sockets);
        probes = List.copyOf(probes);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
        unread = List.copyOf(unread);
    }

    /** Whether attackers can use anything. */
    public boolean hasFindings() {
        return !findings.isEmpty();
    }
}
