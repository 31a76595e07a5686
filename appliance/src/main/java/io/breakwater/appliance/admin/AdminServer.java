package io.breakwater.appliance.admin;

import io.breakwater.appliance.config.PolicyFile;
import io.breakwater.appliance.json.JsonText;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The box over HTTP: metrics, health, and the API that {@code openapi.yaml} describes.
 *
 * <p>The data path is never asked to wait: what is read are counters, samples and events that it leaves behind, and a crowd
 * of askers gives way to it ({@link Courtesy}).
 *
 * <p><b>Thread:</b> a virtual thread per request.
 */
public final class AdminServer implements AutoCloseable {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String DESCRIPTION = "openapi.yaml";

    /** Connections at a time: all streams, and as many askers again and again. */
    private static final int MAX_CONNECTIONS = 4 * EventsApi.MAX_STREAMS;

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Box box;
    private final Guard guard;
    private final Courtesy courtesy = new Courtesy(System::nanoTime);
    private final Fresh fresh = new Fresh(System::nanoTime, courtesy::isCrowd);
    private final EventsApi events;
    private final WebServer server;
    private final Map<String, Map<Method, Handler>> routes = new LinkedHashMap<>();

    /** What those are told who ask for what is not here: the API, not the files of the console. */
    private final String described;

    /** Answers one kind of request. */
    private interface Handler {
        void handle(Exchange exchange);
    }

    /**
     * Listens from now on.
     *
     * @throws IOException if the address cannot be bound
     */
    public AdminServer(InetSocketAddress address, Access access, Box box) throws IOException {
        this.box = box;
        this.guard = new Guard(access.token(), System::nanoTime);
        this.events = new EventsApi(box.events(), courtesy);
        routes();
        this.described = String.join(", ", new TreeSet<>(routes.keySet()));
        console();
        WebServerConfig.Builder config = WebServer.builder()
                .bindAddress(address)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(200))
                .maxTcpConnections(MAX_CONNECTIONS)
                .maxPayloadSize(PolicyFile.MAX_BYTES)
                .idleConnectionTimeout(IDLE)
                .directHandlers(problems())
                .routing(routing());
        access.addTo(config);
        server = start(config);
    }

    /**
     * Binds for a moment, to be called before there is a server. <b>Why:</b> the server only logs that it cannot bind, in two lines
     * of its own, and takes no socket that is bound already.
     *
     * @throws IOException if the address cannot be bound
     */
    public static void requireFree(InetSocketAddress address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address);
        }
    }

    private static WebServer start(WebServerConfig.Builder config) throws IOException {
        try {
            WebServer started = config.build().start();
            if (started.port() < 0) {
                started.stop();
                throw new BindException("somebody else was faster");
            }
            return started;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Where it listens: with port 0 in the request, the port that was given. */
    public int port() {
        return server.port();
    }

    private void routes() {
        StatusAnswer status = new StatusAnswer(box);
        TopApi top = new TopApi(box, fresh);
        BlocksApi blocks = new BlocksApi(box.blocks(), fresh);
        PolicyApi policy = new PolicyApi(box.policy(), fresh);
        get("/metrics", x -> x.send(METRICS_TYPE, fresh.get("metrics", box.metrics()::scrape)));
        get("/healthz", x -> state(x, box.state().get() != Box.State.FAILED, "a pair has failed; see the log"));
        get("/readyz", x -> state(x, box.state().get() == Box.State.FORWARDING, "not every pair forwards"));
        get("/api/v1/status", x -> {
            x.allowQuery();
            x.send(Exchange.JSON, fresh.get("status", () -> Exchange.bytes(status.get())));
        });
        get("/api/v1/top", top::get);
        get("/api/v1/blocks", blocks::list);
        methods("/api/v1/blocks").put(Method.POST, blocks::block);
        methods("/api/v1/blocks").put(Method.DELETE, blocks::unblock);
        get("/api/v1/policy", policy::get);
        methods("/api/v1/policy").put(Method.PUT, policy::swap);
        methods("/api/v1/policy/validate").put(Method.POST, policy::validate);
        get("/api/v1/events", events::list);
        methods("/api/v1/events/stream").put(Method.GET, events::stream);
        byte[] description = resource(DESCRIPTION);
        get("/api/v1/openapi.yaml", x -> x.send(200, Exchange.YAML, description));
    }

    private void console() {
        get("/", ConsolePage.of("index.html")::get);
        ConsolePage.FILES.forEach(name -> get(ConsolePage.DIRECTORY + name, ConsolePage.of(name)::get));
    }

    private void get(String path, Handler handler) {
        methods(path).put(Method.GET, handler);
        methods(path).put(Method.HEAD, handler);
    }

    private Map<Method, Handler> methods(String path) {
        return routes.computeIfAbsent(path, p -> new LinkedHashMap<>());
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(AdminServer.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRouting.Builder routing() {
        return HttpRouting.builder()
                .any(this::answer)
                .error(
                        HttpProblem.class,
                        (request, response, problem) -> refuse(new Exchange(request, response), problem));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        courtesy.onAnswer();
        guard.check(request);
        Map<Method, Handler> methods = routes.get(request.path().path());
        if (methods == null) {
            throw new HttpProblem(404, "not here; there are " + described);
        }
        Handler handler = methods.get(request.prologue().method());
        if (handler == null) {
            String allowed =
                    methods.keySet().stream().map(Method::text).sorted().collect(Collectors.joining(", "));
            response.header(HeaderNames.ALLOW, allowed);
            throw new HttpProblem(405, "this takes " + allowed);
        }
        handler.handle(new Exchange(request, response));
    }

    private static void refuse(Exchange exchange, HttpProblem problem) {
        if (problem.status() == 401) {
            exchange.response().header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        } else if (problem.status() == 429) {
            exchange.response().header(HeaderNames.RETRY_AFTER, "1");
        }
        byte[] body = (JsonText.write(problem.toMap()) + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.send(problem.status(), HttpProblem.TYPE, body);
    }

    /** What is no request at all, or makes a handler fail, is told like everything else, without details. */
    private static DirectHandlers problems() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (request, event, status, headers, message) -> {
                boolean ours = status.code() >= 500 && !status.equals(Status.HTTP_VERSION_NOT_SUPPORTED_505);
                HttpProblem problem = new HttpProblem(
                        status.code(), ours ? "internal error" : "this is not a request that is understood");
                return DirectHandler.TransportResponse.builder()
                        .status(status)
                        .headers(headers)
                        .header(HeaderNames.CONTENT_TYPE, HttpProblem.TYPE)
                        .entity(JsonText.write(problem.toMap()) + "\n")
                        .build();
            });
        }
        return handlers.build();
    }

    private static void state(Exchange exchange, boolean good, String otherwise) {
        exchange.text(good ? 200 : 503, (good ? "ok" : otherwise) + "\n");
    }

    @Override
    public void close() {
        events.close();
        server.stop();
    }
}
