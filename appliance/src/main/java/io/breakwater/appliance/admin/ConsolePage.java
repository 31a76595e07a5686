package io.breakwater.appliance.admin;

import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The console: one page, with its style, modules and the library that draws, all from the jar.
 *
 * <p>The browser is told to load nothing from elsewhere, to run nothing that stands in the page, and to take no text for
 * HTML (Content Security Policy 3, Trusted Types): addresses and names come from the network.
 *
 * <p><b>Thread:</b> any; immutable.
 */
final class ConsolePage {
    /** Where everything but the page itself is. */
    static final String DIRECTORY = "/console/";

    static final List<String> FILES = List.of(
            "console.css",
            "console.js",
            "box.js",
            "dom.js",
            "format.js",
            "plots.js",
            "rates.js",
            "views.js",
            "blocking.js",
            "icon.svg",
            "chart.js/dist/chart.umd.min.js",
            "chart.js/LICENSE.md");

    private static final String SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private final byte[] body;
    private final String type;
    private final String tag;

    private ConsolePage(String name) {
        this.body = read(name);
        this.type = type(name);
        this.tag = '"' + digest(body) + '"';
    }

    /** A file of the console. */
    static ConsolePage of(String name) {
        return new ConsolePage(name);
    }

    private static byte[] read(String name) {
        String resource = "console/" + name;
        try (InputStream in = Objects.requireNonNull(ConsolePage.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "text/plain; charset=utf-8";
        };
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Answers with the file, or with 304 if the browser holds this very one. */
    void get(Exchange exchange) {
        boolean known = exchange.request()
                .headers()
                .first(HeaderNames.IF_NONE_MATCH)
                .filter(tag::equals)
                .isPresent();
        exchange.response()
                .status(known ? 304 : 200)
                .header(HeaderNames.CONTENT_TYPE, type)
                .header(HeaderNames.CACHE_CONTROL, "no-cache")
                .header(HeaderNames.ETAG, tag)
                .header("Content-Security-Policy", SECURITY_POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("X-Content-Type-Options", "nosniff");
        if (known) {
            exchange.response().send();
        } else {
            exchange.send(body);
        }
    }
}
