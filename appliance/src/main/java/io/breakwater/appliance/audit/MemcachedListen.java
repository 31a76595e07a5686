package io.breakwater.appliance.audit;

import io.breakwater.engine.policy.Prefix;
import java.util.List;
import java.util.stream.Stream;

/**
 * One address that memcached listens on ({@code -l}).
 *
 * @param address as it was written, without port; {@code *} for every address
 * @param port its own port, or 0 for that of {@code -p} or {@code -U}
 */
record MemcachedListen(String address, int port) {
    static final MemcachedListen EVERYWHERE = new MemcachedListen("*", 0);

    /** Loopback, private and link-local: nobody on the internet reaches them (RFC 1122, 1918, 3927, 4193, 4291). */
    private static final List<Prefix> NOT_PUBLIC = Stream.of(
                    "127.0.0.0/8",
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "169.254.0.0/16",
                    "::1/128",
                    "fc00::/7",
                    "fe80::/10")
            .map(Prefix::parse)
            .toList();

    /** Whether the internet may reach it: true for a name, too, because it may resolve to anything. */
    boolean isPublic() {
        return isPublic(address);
    }

    static boolean isPublic(String address) {
        String plain = address.replaceFirst("%.*$", "");
        if (plain.equals("localhost")) {
            return false;
        }
        try {
            Prefix one = Prefix.parse(plain);
            boolean ipv4 = one.ipv4() || isMapped(one);
            long lo = ipv4 ? one.lo() & 0xffff_ffffL : one.lo();
            return NOT_PUBLIC.stream().noneMatch(prefix -> prefix.contains(ipv4, one.hi(), lo));
        } catch (IllegalArgumentException name) {
            return true;
        }
    }

    /** An IPv4 address in IPv6 clothes (RFC 4291, 2.5.5.2): its socket takes IPv4 alone. */
    static boolean isMapped(String address) {
        return address.indexOf(':') >= 0 && isMapped(Prefix.parse(address));
    }

    private static boolean isMapped(Prefix address) {
        return !address.ipv4() && address.hi() == 0 && address.lo() >>> 32 == 0xffff;
    }

    /** As {@code -l} takes it. */
    String text() {
        String host = address.indexOf(':') >= 0 && port > 0 ? "[" + address + "]" : address;
        return Printable.shortened(host) + (port > 0 ? ":" + port : "");
    }

    /**
     * Reads one item of {@code -l}: {@code 192.0.2.1}, {@code 192.0.2.1:11311}, {@code [2001:db8::1]:11311}, {@code
     * notls:192.0.2.1}.
     *
     * @throws IllegalArgumentException if it names no address, or a port that is none
     */
    static MemcachedListen parse(String item) {
        String text = item.startsWith("notls:") ? item.substring("notls:".length()) : item;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("'" + item + "' lacks its closing bracket");
            }
            return new MemcachedListen(host(text.substring(1, end)), portAfter(text.substring(end + 1), item));
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
        return hasPort
                ? new MemcachedListen(host(text.substring(0, colon)), portAfter(text.substring(colon), item))
                : new MemcachedListen(host(text), 0);
    }

    private static String host(String text) {
        return switch (text) {
            case "" -> throw new IllegalArgumentException("-l names no address");
            case "INADDR_ANY", "*", "0.0.0.0", "::" -> "*";
            default -> {
                if (!text.matches("[0-9A-Za-z._:%-]+")) {
                    throw new IllegalArgumentException("'" + Printable.shortened(text) + "' is no address");
                }
                yield text;
            }
        };
    }

    private static int portAfter(String text, String item) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.startsWith(":")) {
            throw new IllegalArgumentException("'" + item + "' is no address");
        }
        return MemcachedOptions.port(text.substring(1));
    }
}
