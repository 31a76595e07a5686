package io.breakwater.appliance.admin;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServerConfig;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in, and how it is kept from others' eyes.
 *
 * @param token what callers must know, or null; never shown or logged
 * @param tls certificate and key, or null: in the clear
 */
public record Access(@Nullable String token, @Nullable SSLContext tls) {
    /** In the clear and for everyone: loopback only. */
    public static final Access OPEN = new Access(null, null);

    void addTo(WebServerConfig.Builder config) {
        if (tls != null) {
            config.tls(Tls.builder().sslContext(tls).build());
        }
    }

    @Override
    public String toString() {
        return "Access[token " + (token == null ? "none" : "set") + ", tls " + (tls == null ? "off" : "on") + "]";
    }
}
