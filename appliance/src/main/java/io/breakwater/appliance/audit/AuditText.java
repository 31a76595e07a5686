package io.breakwater.appliance.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** An audit for people. */
public final class AuditText {
    private final List<String> lines = new ArrayList<>();

    private AuditText() {}

    /** Lines: what was looked at, then findings with what mends them, then notes. */
    public static List<String> lines(AuditReport report) {
        AuditText text = new AuditText();
        text.addSettings(report);
        report.sockets().forEach(text::addSocket);
        text.addFirewall(report);
        text.addProbes(report.probes());
        report.findings().forEach(text::addFinding);
        report.notes().forEach(note -> text.lines.add("note: " + note));
        text.lines.add(conclusion(report));
        return text.lines;
    }

    private static String conclusion(AuditReport report) {
        if (report.hasFindings()) {
            return report.findings().size() + " findings";
        }
        return report.unread().isEmpty()
                ? "nothing found that attackers could reflect from"
                : "no answer: not all could be read; see the notes";
    }

    private void addSettings(AuditReport report) {
        lines.add("memcached " + (report.version().isEmpty() ? "is not installed here" : report.version()));
        for (MemcachedSettings settings : report.settings()) {
            List<MemcachedListen> all = settings.listens();
            MemcachedVersion version = new MemcachedVersion(report.version());
            lines.add("settings " + settings.file() + ": "
                    + (settings.onlyUnixSocket()
                            ? "a Unix socket only"
                            : "listens on " + AuditJson.addresses(settings) + ", tcp "
                                    + ports(settings.tcpPorts(all)) + ", udp "
                                    + ports(settings.udpPorts(all, version))));
        }
    }

    private static String ports(SortedSet<Integer> ports) {
        return ports.isEmpty() ? "off" : ports.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    }

    private void addSocket(HostSocket socket) {
        lines.add("socket " + socket.name()
                + (socket.pid() == 0 ? "" : " " + socket.process() + " (" + socket.pid() + ")"));
    }

    private void addFirewall(AuditReport report) {
        lines.add("host firewall: strangers' udp " + MemcachedSettings.PORT + " is "
                + (report.udpDropped() ? "dropped" : "not surely dropped") + ", tcp "
                + (report.tcpDropped() ? "dropped" : "not surely dropped"));
    }

    private void addProbes(List<ProbeResult> probes) {
        for (ProbeResult result : probes) {
            if (result.state() == ProbeResult.State.ANSWERS) {
                lines.add(String.format(
                        Locale.ROOT,
                        "probe %s udp %d %s (%s): %d bytes for %d, factor %.1f",
                        result.target(),
                        result.probe().port(),
                        result.probe().vector(),
                        result.probe().name(),
                        result.responseBytes(),
                        result.probe().requestBytes(),
                        result.amplification()));
            }
        }
        probes.stream().map(ProbeResult::target).distinct().forEach(target -> {
            long silent = probes.stream()
                    .filter(one -> one.target().equals(target) && one.state() != ProbeResult.State.ANSWERS)
                    .count();
            lines.add("probe " + target + ": " + silent + " other probes without answer");
        });
    }

    private void addFinding(Finding finding) {
        lines.add("finding " + finding.id().label() + " at " + finding.where() + ": " + finding.what());
        lines.add("  any one of these mends it:");
        for (Map.Entry<String, List<String>> mend : finding.mends().entrySet()) {
            lines.add("  " + mend.getKey() + ":");
            mend.getValue().forEach(line -> lines.add("    " + line));
        }
    }
}
