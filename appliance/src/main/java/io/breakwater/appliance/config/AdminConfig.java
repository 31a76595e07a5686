package io.breakwater.appliance.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP interface.
 *
 * @param listen address and port (0 = any free one); null = no HTTP. Beyond loopback only with all the others
 * @param certificate PEM file with the certificate and those that vouch for it, or null: in the clear
 * @param key PEM file with its private key (PKCS #8), or null
 * @param tokenFile file whose first line callers must know, or null
 */
public record AdminConfig(
        @Nullable InetSocketAddress listen,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path tokenFile) {
    static final int DEFAULT_PORT = 9464;

    /** 127.0.0.1:9464, in the clear. */
    public static final AdminConfig DEFAULT = new AdminConfig(AdminSection.loopback(DEFAULT_PORT), null, null, null);

    /**
     * Where it can be asked from this machine; {@code listen} must be given.
     *
     * @param port the one it listens on, which {@code listen} may leave open
     */
    public String url(int port) {
        InetAddress address = Objects.requireNonNull(listen).getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        String scheme = certificate == null ? "http" : "https";
        return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
