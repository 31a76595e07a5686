package io.breakwater.appliance.admin;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets in whom the box may answer.
 *
 * <ul>
 *   <li>With a token, {@code Authorization: Bearer} must carry it, but for the open paths; compared in constant time.
 *   <li>Without one, the {@code Host} must be a loopback name: a web page that made a name of its own point to 127.0.0.1
 *       (DNS rebinding) is turned away.
 *   <li>What changes something must not come from another web page: an {@code Origin} other than the box's own is refused.
 *   <li>Changes are bounded to {@value #CHANGES_BURST} at once and {@value #CHANGES_PER_SECOND} a second after.
 * </ul>
 *
 * <p><b>Thread:</b> any.
 */
final class Guard {
    static final int CHANGES_PER_SECOND = 5;
    static final int CHANGES_BURST = 50;

    /** No secrets behind them: health for load balancers, the page and the description. */
    private static final Set<String> OPEN = Set.of("/", "/healthz", "/readyz", "/api/v1/openapi.yaml");

    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|\\[::1]|127(\\.[0-9]{1,3}){3})(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);
    private static final String BEARER = "bearer ";

    private final byte @Nullable [] token;
    private final LongSupplier nanoTime;
    private double changes = CHANGES_BURST;
    private long lastNs;

    /** @param token what callers must know, or null */
    Guard(@Nullable String token, LongSupplier nanoTime) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
        this.nanoTime = nanoTime;
        this.lastNs = nanoTime.getAsLong();
    }

    /** Throws unless the request may be answered. */
    void check(ServerRequest request) {
        String host = header(request, HeaderNames.HOST).orElse("");
        if (token == null && !isLoopbackName(host)) {
            throw new HttpProblem(
                    421, "this box answers to localhost only, not to '" + shortened(host) + "'; use 127.0.0.1");
        }
        if (token != null && !isOpen(request.path().path())) {
            checkToken(token, request);
        }
        Method method = request.prologue().method();
        if (!method.equals(Method.GET) && !method.equals(Method.HEAD)) {
            checkOrigin(request, host);
            takeChange();
        }
    }

    private static boolean isOpen(String path) {
        return OPEN.contains(path) || path.startsWith(ConsolePage.DIRECTORY);
    }

    private static void checkToken(byte[] token, ServerRequest request) {
        String given = header(request, HeaderNames.AUTHORIZATION).orElse("");
        boolean bearer = given.toLowerCase(Locale.ROOT).startsWith(BEARER);
        byte[] bytes = (bearer ? given.substring(BEARER.length()).strip() : "").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(token, bytes)) {
            throw new HttpProblem(
                    401, "a token is needed: send Authorization: Bearer with what admin.token-file holds");
        }
    }

    private static void checkOrigin(ServerRequest request, String host) {
        Optional<String> origin = header(request, HeaderNames.ORIGIN);
        String site = header(request, FETCH_SITE).orElse("none");
        boolean own = origin.isEmpty()
                || origin.get().equalsIgnoreCase("http://" + host)
                || origin.get().equalsIgnoreCase("https://" + host);
        if (!own || !(site.equals("none") || site.equals("same-origin"))) {
            throw new HttpProblem(403, "changes are not taken from other web pages");
        }
    }

    private synchronized void takeChange() {
        long nowNs = nanoTime.getAsLong();
        changes = Math.min(CHANGES_BURST, changes + (nowNs - lastNs) / 1e9 * CHANGES_PER_SECOND);
        lastNs = nowNs;
        if (changes < 1) {
            throw new HttpProblem(429, "too many changes; wait a second, or block larger prefixes");
        }
        changes--;
    }

    /** Any port: a tunnel has its own. */
    private static boolean isLoopbackName(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private static Optional<String> header(ServerRequest request, HeaderName name) {
        return request.headers().first(name);
    }

    private static String shortened(String text) {
        return text.codePoints()
                .filter(c -> c > ' ' && c < 0x7f)
                .limit(64)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
