package io.breakwater.appliance.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.appliance.metrics.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Metrics, health and readiness over HTTP.
 *
 * <p><b>Thread:</b> virtual threads of its own; the data path is never asked to wait.
 */
public final class AdminServer implements AutoCloseable {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Listens from now on.
     *
     * @param ready whether every pair forwards
     * @param healthy whether no pair has failed
     * @throws IOException if the address cannot be bound
     */
    public AdminServer(InetSocketAddress address, Metrics metrics, BooleanSupplier ready, BooleanSupplier healthy)
            throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> route(exchange, metrics, ready, healthy));
        server.start();
    }

    /** Where it listens: with port 0 in the request, the port that was given. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void route(HttpExchange exchange, Metrics metrics, BooleanSupplier ready, BooleanSupplier healthy)
            throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer(exchange, 405, TEXT_TYPE, "only GET and HEAD are answered here\n");
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> answer(exchange, 200, METRICS_TYPE, metrics.scrape());
            case "/healthz" -> state(exchange, healthy.getAsBoolean(), "a pair has failed; see the log");
            case "/readyz" -> state(exchange, ready.getAsBoolean(), "not every pair forwards yet");
            default -> answer(exchange, 404, TEXT_TYPE, "not here; there are /metrics, /healthz and /readyz\n");
        }
    }

    private static void state(HttpExchange exchange, boolean good, String otherwise) throws IOException {
        answer(exchange, good ? 200 : 503, TEXT_TYPE, (good ? "ok" : otherwise) + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
            if (!head) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(bytes);
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
