package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code admin}: the HTTP interface. */
final class AdminSection {
    static final List<Key> KEYS = List.of(
            new Key(
                    "admin",
                    "mapping",
                    "as its keys say",
                    "The HTTP interface: metrics, health, API and console.",
                    "admin: {listen: 127.0.0.1:9464}"),
            new Key(
                    "admin.listen",
                    "address:port, or `off`",
                    "`127.0.0.1:" + AdminConfig.DEFAULT_PORT + "`",
                    "Where it listens: a loopback address (it asks for no password), IPv6 in brackets and quotes. Port 0"
                            + " takes any free one.",
                    "admin: {listen: \"[::1]:9464\"}"));

    private static final Prefix LOOPBACK_IPV4 = Prefix.parse("127.0.0.0/8");
    private static final Prefix LOOPBACK_IPV6 = Prefix.parse("::1");

    private AdminSection() {}

    static AdminConfig read(@Nullable Field field) {
        Section section = field == null ? null : field.section();
        Field listen = section == null ? null : section.get("listen");
        if (listen == null) {
            return AdminConfig.DEFAULT;
        }
        return new AdminConfig(
                listen.isOff() ? null : listen.read("address:port, such as 127.0.0.1:9464", AdminSection::address));
    }

    /** 127.0.0.1. */
    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(inet(Prefix.parse("127.0.0.1")), port);
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
        if (colon < 0 || host.isEmpty() || (host.contains(":") && !bracketed)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not address:port, such as 127.0.0.1:9464 or \"[::1]:9464\"");
        }
        int port = (int) Numbers.integer(text.substring(colon + 1), 0, 65_535);
        String address = bracketed ? host.substring(1, host.length() - 1) : host;
        Prefix prefix = Prefix.parse(address.equals("localhost") ? "127.0.0.1" : address);
        if (!Prefixes.holds(LOOPBACK_IPV4, prefix) && !prefix.equals(LOOPBACK_IPV6)) {
            throw new IllegalArgumentException(
                    "'" + host + "' is not a loopback address: this version has neither TLS nor"
                            + " passwords; listen on 127.0.0.1 and reach it by an SSH tunnel");
        }
        return new InetSocketAddress(inet(prefix), port);
    }

    private static InetAddress inet(Prefix prefix) {
        byte[] bytes = new byte[prefix.ipv4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) ((fromEnd < 8 ? prefix.lo() : prefix.hi()) >>> 8 * (fromEnd & 7));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
