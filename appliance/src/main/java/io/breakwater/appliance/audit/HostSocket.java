package io.breakwater.appliance.audit;

import java.util.List;

/**
 * A socket that waits for anyone, as {@code netstat -plunt} shows it.
 *
 * @param udp UDP, otherwise TCP
 * @param ipv4 family of the address
 * @param address what it is bound to; {@code *} for every address
 * @param port 1–65535
 * @param process name of the process that holds it; empty if it cannot be told (another user's, without root)
 * @param pid that process, or 0
 */
record HostSocket(boolean udp, boolean ipv4, String address, int port, String process, long pid) {
    boolean isPublic() {
        return MemcachedListen.isPublic(address);
    }

    boolean isMemcached() {
        return process.equals("memcached") || port == MemcachedSettings.PORT;
    }

    /** What strangers' first packets to it may look like: {@code /proc} does not tell which {@code *} is for IPv6 alone. */
    List<ProbeDatagram> strangers() {
        if (ipv4 || MemcachedListen.isMapped(address)) {
            return List.of(new ProbeDatagram(true, udp, port));
        }
        ProbeDatagram ipv6 = new ProbeDatagram(false, udp, port);
        return address.equals("*") ? List.of(ipv6, new ProbeDatagram(true, udp, port)) : List.of(ipv6);
    }

    /** Such as {@code udp6 *:11211}. */
    String name() {
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return (udp ? "udp" : "tcp") + (ipv4 ? " " : "6 ") + host + ":" + port;
    }
}
