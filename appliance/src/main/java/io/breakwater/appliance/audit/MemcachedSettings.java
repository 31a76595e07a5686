package io.breakwater.appliance.audit;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a settings file tells memcached.
 *
 * @param file where it stands
 * @param isAssignments Red Hat's form, otherwise Debian's
 * @param listens what {@code -l} names; empty means every address
 * @param tcpPort what {@code -p} says, null if it is not there
 * @param udpPort what {@code -U} says, 0 for off, null if it is not there
 * @param onlyUnixSocket whether it has no network socket at all ({@code -s})
 * @param problems options that memcached would not take either, one line each
 */
record MemcachedSettings(
        Path file,
        boolean isAssignments,
        List<MemcachedListen> listens,
        @Nullable Integer tcpPort,
        @Nullable Integer udpPort,
        boolean onlyUnixSocket,
        List<String> problems) {

    /** Memcached's own port (IANA), for TCP and UDP. */
    static final int PORT = 11_211;

    MemcachedSettings {
        listens = List.copyOf(listens);
        problems = List.copyOf(problems);
    }

    /** Addresses that the internet may reach. */
    List<MemcachedListen> publicListens() {
        if (onlyUnixSocket) {
            return List.of();
        }
        return (listens.isEmpty() ? List.of(MemcachedListen.EVERYWHERE) : listens)
                .stream().filter(MemcachedListen::isPublic).toList();
    }

    /** The TCP port: {@code -p}; else {@code -U} (1.5.6 and newer take it for both); else memcached's own. 0 is off. */
    int effectiveTcpPort() {
        if (tcpPort != null) {
            return tcpPort;
        }
        return udpPort != null && udpPort > 0 ? udpPort : PORT;
    }

    /** The UDP port that this version of memcached opens; 0 if it opens none. */
    int effectiveUdpPort(MemcachedVersion version) {
        if (udpPort != null) {
            return udpPort;
        }
        return version.opensUdpByDefault() ? effectiveTcpPort() : 0;
    }
}
