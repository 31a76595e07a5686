package io.breakwater.appliance.config;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP interface.
 *
 * @param listen loopback address and port (0 = any free one); null = no HTTP
 */
public record AdminConfig(@Nullable InetSocketAddress listen) {
    static final int DEFAULT_PORT = 9464;

    /** 127.0.0.1:9464. */
    public static final AdminConfig DEFAULT = new AdminConfig(AdminSection.loopback(DEFAULT_PORT));
}
