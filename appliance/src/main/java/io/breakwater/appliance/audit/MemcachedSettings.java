package io.breakwater.appliance.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a settings file tells memcached.
 *
 * @param file where it stands
 * @param isAssignments Red Hat's form, otherwise Debian's
 * @param listens what {@code -l} names, without what memcached would refuse; every address if it is not there
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
        return onlyUnixSocket
                ? List.of()
                : listens.stream().filter(MemcachedListen::isPublic).toList();
    }

    /** The TCP ports of some addresses, ascending; empty if TCP is off. */
    SortedSet<Integer> tcpPorts(List<MemcachedListen> addresses) {
        return ports(addresses, effectiveTcpPort());
    }

    /** The UDP ports of some addresses, ascending; empty if this version of memcached opens none. */
    SortedSet<Integer> udpPorts(List<MemcachedListen> addresses, MemcachedVersion version) {
        return ports(addresses, effectiveUdpPort(version));
    }

    /** An address has its own port or that of the option; an option of 0 switches its protocol off for all. */
    private SortedSet<Integer> ports(List<MemcachedListen> addresses, int ofOption) {
        SortedSet<Integer> ports = new TreeSet<>();
        if (ofOption > 0 && !onlyUnixSocket) {
            addresses.forEach(listen -> ports.add(listen.port() > 0 ? listen.port() : ofOption));
        }
        return ports;
    }

    /**
     * The TCP port of addresses without their own: {@code -p}; else {@code -U} (1.5.6 and newer take it for both); else
     * memcached's own. 0 is off.
     */
    int effectiveTcpPort() {
        if (tcpPort != null) {
            return tcpPort;
        }
        return udpPort != null && udpPort > 0 ? udpPort : PORT;
    }

    /** The UDP port that this version of memcached opens on addresses without their own; 0 if it opens none at all. */
    int effectiveUdpPort(MemcachedVersion version) {
        if (udpPort != null) {
            return udpPort;
        }
        return version.opensUdpByDefault() ? effectiveTcpPort() : 0;
    }
}
