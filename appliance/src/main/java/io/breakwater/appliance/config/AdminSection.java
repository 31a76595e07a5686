package io.breakwater.appliance.config;

import io.breakwater.engine.policy.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code admin}: the HTTP interface. */
final class AdminSection {
    private static final String TLS = "admin: {listen: 203.0.113.5:9464, token-file: /etc/breakwater/token, tls:"
            + " {certificate: /etc/breakwater/cert.pem, key: /etc/breakwater/key.pem}}";

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
                    "Where it listens, IPv6 in brackets and quotes. Port 0 takes any free one. An address that is not"
                            + " loopback needs `tls` and `token-file`.",
                    "admin: {listen: \"[::1]:9464\"}"),
            new Key(
                    "admin.tls",
                    "mapping",
                    "in the clear",
                    "Certificate and key for HTTPS. Changes wait for the next start.",
                    TLS),
            new Key(
                    "admin.tls.certificate",
                    "whole path",
                    "required",
                    "PEM file: the certificate, followed by those that vouch for it.",
                    TLS),
            new Key("admin.tls.key", "whole path", "required", "PEM file: its private key, PKCS #8.", TLS),
            new Key(
                    "admin.token-file",
                    "whole path",
                    "none is needed",
                    "File whose first line, 16 to 512 characters, callers must send as `Authorization: Bearer`. `/healthz`,"
                            + " `/readyz`, the page and the API's description need none.",
                    TLS));

    private AdminSection() {}

    static AdminConfig read(@Nullable Field field) {
        Section section = field == null ? null : field.section();
        if (section == null) {
            return AdminConfig.DEFAULT;
        }
        Field listen = section.get("listen");
        Field tlsField = section.get("tls");
        Section tls = tlsField == null ? null : tlsField.section();
        Path certificate = tls == null ? null : path(tls.require("certificate"));
        Path key = tls == null ? null : path(tls.require("key"));
        Path token = path(section.get("token-file"));
        InetSocketAddress address = address(listen);
        if (listen != null && address != null && !isLoopback(address) && (tlsField == null || token == null)) {
            listen.error("'" + address.getAddress().getHostAddress()
                    + "' is not a loopback address: add admin.tls and admin.token-file, or listen on 127.0.0.1 and reach"
                    + " it by an SSH tunnel");
        }
        return new AdminConfig(address, certificate, key, token);
    }

    private static @Nullable Path path(@Nullable Field field) {
        return field == null ? null : field.read("a whole path", PathText::parse);
    }

    private static @Nullable InetSocketAddress address(@Nullable Field listen) {
        if (listen == null) {
            return loopback(AdminConfig.DEFAULT_PORT);
        }
        return listen.isOff() ? null : listen.read("address:port, such as 127.0.0.1:9464", AdminSection::parse);
    }

    private static boolean isLoopback(InetSocketAddress address) {
        return address.getAddress().isLoopbackAddress();
    }

    /** 127.0.0.1. */
    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(inet(Prefix.parse("127.0.0.1")), port);
    }

    private static InetSocketAddress parse(String text) {
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
