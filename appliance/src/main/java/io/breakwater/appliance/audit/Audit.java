package io.breakwater.appliance.audit;

import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Asks whether this host, or an address that the operator names, would serve attackers as a reflector. Changes nothing.
 *
 * <p><b>Thread:</b> one. <b>Cost:</b> up to 1.5 s per target.
 */
public final class Audit {
    private static final Map<Integer, String> VECTOR_AT = VectorTable.builtIn().stream()
            .collect(Collectors.toMap(Vector::port, Vector::name, (first, second) -> first));

    private static final String HELD_BACK = "; the host firewall alone holds that back";

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private final List<Path> usual;
    /** TCP ports that a finding tells already how to close. */
    private final Set<Integer> toldTcp = new HashSet<>();

    private final HostFirewall firewall = HostFirewall.read();

    /**
     * Looks at this host, and asks the targets.
     *
     * @param files memcached's settings; empty means those in the usual places that exist, of which the report names
     *     what cannot be read
     * @param targets addresses inside {@code protected}
     * @param dnsName what DNS servers are asked for
     * @throws IOException if a named file cannot be read, with one line that says the next step
     * @throws IllegalArgumentException if {@code dnsName} is no DNS name
     */
    public static AuditReport run(List<Path> files, List<String> targets, String dnsName) throws IOException {
        List<Probe> questions = Probes.all(dnsName);
        return new Audit(MemcachedFile.USUAL).look(files, targets, questions);
    }

    Audit(List<Path> usual) {
        this.usual = usual;
    }

    AuditReport look(List<Path> files, List<String> targets, List<Probe> questions) throws IOException {
        MemcachedVersion version = MemcachedVersion.installed();
        List<MemcachedSettings> settings = new ArrayList<>();
        for (Path file : files) {
            settings.add(MemcachedFile.read(file));
        }
        if (files.isEmpty()) {
            settings.addAll(readUsual());
        }
        settings.forEach(one -> judge(one, version));
        List<HostSocket> sockets = HostSockets.listening().stream()
                .filter(socket -> socket.isMemcached() || socket.udp() && VECTOR_AT.containsKey(socket.port()))
                .toList();
        sockets.forEach(this::judge);
        List<ProbeResult> probes = new ArrayList<>();
        for (String target : targets) {
            probes.addAll(new ProbeSender().ask(target, questions));
        }
        probes.forEach(this::judge);
        notes.addAll(firewall.notes());
        return new AuditReport(
                version.text(),
                settings,
                sockets,
                firewall.surelyDrops(true, MemcachedSettings.PORT),
                firewall.surelyDrops(false, MemcachedSettings.PORT),
                probes,
                findings,
                notes,
                unread);
    }

    /** Those that exist; one that nobody named may be closed to this user, and the rest is worth a look all the same. */
    private List<MemcachedSettings> readUsual() {
        List<MemcachedSettings> settings = new ArrayList<>();
        for (Path file : usual) {
            try {
                if (Files.exists(file)) {
                    settings.add(MemcachedFile.read(file));
                }
            } catch (IOException e) {
                unread.add(String.valueOf(e.getMessage()));
            }
        }
        notes.addAll(unread);
        return settings;
    }

    private void judge(MemcachedSettings settings, MemcachedVersion version) {
        notes.addAll(settings.problems());
        List<MemcachedListen> listens = settings.publicListens();
        SortedSet<Integer> udp = settings.udpPorts(listens, version);
        SortedSet<Integer> tcp = settings.tcpPorts(listens);
        if (udp.isEmpty() && tcp.isEmpty()) {
            return;
        }
        String addresses = listens.stream()
                .map(listen -> listen.equals(MemcachedListen.EVERYWHERE) ? "every address" : listen.text())
                .collect(Collectors.joining(", "));
        String open = "memcached listens on " + addresses + ": anyone can read and fill it";
        String reflects = "memcached answers UDP on " + addresses + " (" + whyUdp(settings, version)
                + "): anyone can reflect from it";
        if (!allDropped(true, udp)) {
            found(Finding.Kind.MEMCACHED_UDP, settings, reflects, udp, tcp);
        } else if (!allDropped(false, tcp)) {
            found(Finding.Kind.MEMCACHED_OPEN, settings, open, Set.of(), tcp);
        } else {
            notes.add(settings.file() + ": " + (udp.isEmpty() ? open : reflects) + HELD_BACK);
        }
    }

    private void found(Finding.Kind kind, MemcachedSettings settings, String what, Set<Integer> udp, Set<Integer> tcp) {
        toldTcp.addAll(tcp);
        Map<String, List<String>> mends = new Mends("memcached", udp, tcp).lines(Mends.memcached(settings));
        findings.add(new Finding(kind, settings.file().toString(), what, mends));
    }

    private static String whyUdp(MemcachedSettings settings, MemcachedVersion version) {
        if (settings.udpPort() != null) {
            return "-U " + settings.udpPort();
        }
        return version.text().isEmpty()
                ? "no -U 0, and memcached before 1.5.6 has UDP on by default"
                : "no -U 0, and memcached " + version.text() + " has UDP on by default";
    }

    private boolean allDropped(boolean udp, Set<Integer> ports) {
        return ports.stream().allMatch(port -> firewall.surelyDrops(udp, port));
    }

    /** Other services of the table may have good reasons to listen: whether they amplify, only a probe tells. */
    private void judge(HostSocket socket) {
        if (!socket.isPublic()) {
            return;
        }
        String holder = socket.process().isEmpty() ? "a process" : socket.process();
        String what = holder + " listens for strangers' " + (socket.udp() ? "UDP" : "TCP");
        if (socket.strangers().stream().allMatch(firewall::surelyDrops)) {
            notes.add(socket.name() + ": " + what + HELD_BACK);
        } else if (socket.isMemcached() && socket.udp()) {
            Set<Integer> port = Set.of(socket.port());
            toldTcp.addAll(port);
            findings.add(new Finding(
                    Finding.Kind.SOCKET_UDP,
                    socket.name(),
                    what + ": anyone can reflect from it",
                    new Mends("memcached", port, port).lines("start memcached with -U 0 and -l 127.0.0.1")));
        } else if (socket.isMemcached()) {
            // No reflector: a handshake comes before every answer.
            if (!toldTcp.contains(socket.port())) {
                notes.add(socket.name() + ": " + what
                        + ": anyone can read and fill it; start memcached with -l 127.0.0.1,"
                        + " or let only those in whom you know");
            }
        } else {
            notes.add(socket.name() + ": " + what + " (" + VECTOR_AT.get(socket.port())
                    + "): name this host with --target to learn whether it amplifies");
        }
    }

    private void judge(ProbeResult result) {
        Probe probe = result.probe();
        if (result.isReflector()) {
            Set<Integer> udp = Set.of(probe.port());
            // Its TCP, which carries the same commands, is mended with it.
            boolean isMemcached = probe.port() == MemcachedSettings.PORT;
            String what = String.format(
                    Locale.ROOT,
                    "%s (%s) answers %d bytes with %d in %d datagrams: amplifies %.1f times",
                    probe.vector(),
                    probe.name(),
                    probe.requestBytes(),
                    result.responseBytes(),
                    result.datagrams(),
                    result.amplification());
            findings.add(new Finding(
                    Finding.Kind.REFLECTOR,
                    result.target() + " udp " + probe.port(),
                    what,
                    new Mends(probe.vector(), udp, isMemcached ? udp : Set.of()).lines(probe.mend())));
        } else if (result.state() == ProbeResult.State.UNSENT) {
            notes.add(result.target() + ": " + probe.vector()
                    + " could not be asked: no route, or this host's firewall; see ip route get " + result.target());
        }
    }
}
