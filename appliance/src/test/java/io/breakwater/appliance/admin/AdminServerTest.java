package io.breakwater.appliance.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.appliance.events.EventKind;
import io.breakwater.appliance.json.JsonText;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.tap.TrafficTap;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server, asked over a real socket, byte by byte: what is sent is what a hostile client could send. */
class AdminServerTest {
    // Small tables: every test has a box of its own.
    private static final String POLICY = """
            protected: [203.0.113.0/24]
            sources: {trusted: [192.0.2.0/24]}
            reflection: {defaults: off, memcached: drop}
            fragments: off
            limits: []
            """;
    private static final String MONITOR = "mode: monitor\n" + POLICY;
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String YAML = "Content-Type: application/yaml\r\n";

    private final OpenApi description;
    private TestBox box;

    AdminServerTest() throws IOException {
        description = new OpenApi();
        box = new TestBox(POLICY, Access.OPEN);
    }

    @BeforeEach
    void seeTraffic() {
        TrafficTap tap = new TrafficTap(1);
        box.top().add(tap);
        FrameSlot frame = PacketBuilder.ethernet()
                .ipv4("198.18.0.7", "203.0.113.5")
                .udp(11_211, 80)
                .payloadBytes(100)
                .decoded();
        int reason = box.reasons().reflection("memcached");
        frame.matchedReason(reason);
        for (int i = 0; i < 300; i++) {
            tap.onSettled(frame, reason);
        }
    }

    @AfterEach
    void stop() {
        box.close();
    }

    /** What came back. */
    private record Answer(int status, Map<String, String> headers, String body) {
        String type() {
            return headers.getOrDefault("content-type", "");
        }

        Map<String, @Nullable Object> json() {
            return JsonText.read(body);
        }
    }

    private Answer ask(String method, String path, String headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String host = headers.contains("Host: ") ? "" : "Host: 127.0.0.1:" + box.port() + "\r\n";
        String length = method.equals("GET") ? "" : "Content-Length: " + bytes.length + "\r\n";
        return raw(method + " " + path + " HTTP/1.1\r\n" + host + headers + length + "\r\n", bytes);
    }

    private Answer raw(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.UTF_8));
            out.write(body);
            out.flush();
            return read(socket.getInputStream(), head.startsWith("HEAD "));
        }
    }

    /** One answer; the connection may stay open behind it. */
    private static Answer read(InputStream in, boolean headersOnly) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("an answer: %s", head).isNotNegative();
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        int length = headersOnly ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
    }

    private Answer get(String path) throws IOException {
        return ask("GET", path, "", "");
    }

    private void assertDescribed(String method, String path, Answer answer) {
        Object body =
                answer.type().contains("json") ? answer.json() : answer.body().isEmpty() ? null : answer.body();
        assertThat(description.problems(method, path, answer.status(), answer.type(), body))
                .as("%s %s: %s", method, path, answer)
                .isEmpty();
    }

    private void assertProblem(int status, Answer answer, String... words) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.json()).containsKeys("type", "title", "detail").containsEntry("status", (long) status);
        for (String word : words) {
            assertThat(String.valueOf(answer.json().get("detail"))).contains(word);
        }
    }

    @Test
    void shouldServeEveryPathAndMethodThatIsDescribedAndNoOther() throws IOException {
        Set<String> served = new TreeSet<>();
        Set<String> paths = new TreeSet<>();
        description.operations().forEach(operation -> paths.add(operation.substring(operation.indexOf(' ') + 1)));
        for (String path : paths) {
            String allowed = ask("PATCH", path, "", "").headers().getOrDefault("allow", "");
            for (String method : allowed.split(", ")) {
                if (!method.equals("HEAD")) {
                    served.add(method + " " + path);
                }
            }
        }
        assertThat(served).isEqualTo(description.operations());
        String others = String.valueOf(get("/nothing").json().get("detail"));
        assertThat(others).endsWith("there are " + String.join(", ", paths));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/healthz",
                "/readyz",
                "/api/v1/openapi.yaml",
                "/api/v1/status",
                "/api/v1/top",
                "/api/v1/blocks",
                "/api/v1/policy",
                "/api/v1/events"
            })
    void shouldAnswerAsDescribed(String path) throws IOException {
        ask("POST", "/api/v1/blocks", JSON, "{\"prefix\": \"198.18.0.7\"}");
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertDescribed("get", path, answer);
        assertThat(ask("HEAD", path, "", "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                   | true
            deflate, GZIP          | true
            br;q=1, gzip;q=0.5     | true
            identity               | false
            gzip;q=0               | false
            gzip;q=0.000, identity | false
            xgzip, gzipped         | false
            """)
    void shouldCompressWhereThatIsTaken(String accepted, boolean compressed) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
            socket.setSoTimeout(5_000);
            String head = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: " + accepted + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            Map<String, String> headers = read(in, true).headers();
            byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));

            assertThat(headers.getOrDefault("content-encoding", "none")).isEqualTo(compressed ? "gzip" : "none");
            byte[] page = compressed ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
            assertThat(new String(page, StandardCharsets.UTF_8)).contains("\nbreakwater_frames_received_total{");
        }
    }

    @Test
    void shouldSendNoBodyForHead() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /no HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(read(socket.getInputStream(), true).status()).isEqualTo(200);
            assertThat(read(socket.getInputStream(), true).status()).isEqualTo(404);
        }
    }

    @Test
    void shouldTellTopTalkersExactlyWhileEveryFrameIsSampled() throws IOException {
        Map<String, @Nullable Object> top = get("/api/v1/top?by=bytes").json();

        for (String question : new String[] {"sources", "victims", "vectors", "reflectors"}) {
            assertThat(String.valueOf(top.get(question))).contains("packets=300, bytes=42600, error=0");
        }
    }

    @Test
    void shouldBlockListAndUnblock() throws IOException {
        Answer blocked = ask(
                "POST", "/api/v1/blocks", JSON, "{\"prefix\":\"198.18.0.0/24\",\"for\":\"10m\",\"comment\":\"test\"}");
        assertThat(blocked.status()).isEqualTo(200);
        assertDescribed("post", "/api/v1/blocks", blocked);
        assertThat(blocked.json()).containsEntry("prefix", "198.18.0.0/24").containsEntry("seconds_left", 600L);
        assertThat(get("/api/v1/blocks").body()).contains("198.18.0.0/24");
        assertThat(get("/api/v1/status").json()).containsEntry("blocks", 1L);

        Answer ended = ask("DELETE", "/api/v1/blocks?prefix=198.18.0.0%2F24", "", "");
        assertThat(ended.status()).isEqualTo(204);
        assertThat(box.blocks().list()).isEmpty();
        assertProblem(404, ask("DELETE", "/api/v1/blocks?prefix=198.18.0.0/24", "", ""), "is not blocked");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "422 | {\"prefix\":\"198.18.0.7/24\"} | did you mean 198.18.0.0/24",
                "422 | {\"prefix\":\"nonsense\"} | is not an IPv4 or IPv6 prefix",
                "422 | {\"prefix\":7} | must be a text",
                "422 | {} | must be there",
                "422 | {\"prefix\":\"198.18.0.7\",\"for\":\"1fortnight\"} | is not a unit of time",
                "422 | {\"prefix\":\"198.18.0.7\",\"for\":\"0s\"} | a block lasts from 1s to 7day",
                "422 | {\"prefix\":\"198.18.0.7\",\"for\":\"8day\"} | a block lasts from 1s to 7day",
                "422 | {\"prefix\":\"198.18.0.7\",\"colour\":\"red\"} | and nothing else",
                "422 | {\"prefix\":\"198.18.0.7\",\"comment\":\"two\\nlines\"} | must be one line",
                "422 | {\"prefix\":\"192.0.2.7\"} | is trusted by 192.0.2.0/24",
                "400 | [1] | expected a JSON object",
                "400 | {\"prefix\":\"198.18.0.7\" | not JSON",
                "400 | {\"prefix\":\"198.18.0.7\",\"prefix\":\"198.18.0.8\"} | not JSON",
            })
    void shouldRefuseWrongBlocksAndChangeNothing(int status, String body, String words) throws IOException {
        Answer answer = ask("POST", "/api/v1/blocks", JSON, body);

        assertProblem(status, answer, words);
        assertDescribed("post", "/api/v1/blocks", answer);
        assertThat(box.blocks().list()).isEmpty();
    }

    @Test
    void shouldRefuseWhatAWebPageElsewhereCouldSend() throws IOException {
        String body = "{\"prefix\":\"198.18.0.7\"}";
        assertProblem(415, ask("POST", "/api/v1/blocks", "Content-Type: text/plain\r\n", body), "application/json");
        assertProblem(415, ask("POST", "/api/v1/blocks", "", body), "application/json");
        assertProblem(403, ask("POST", "/api/v1/blocks", JSON + "Origin: http://evil.example\r\n", body));
        assertProblem(403, ask("POST", "/api/v1/blocks", JSON + "Origin: null\r\n", body));
        assertProblem(403, ask("POST", "/api/v1/blocks", JSON + "Sec-Fetch-Site: cross-site\r\n", body));
        assertProblem(403, ask("DELETE", "/api/v1/blocks?prefix=1.2.3.4", "Origin: http://evil.example\r\n", ""));
        assertProblem(421, ask("GET", "/api/v1/status", "Host: evil.example\r\n", ""), "evil.example");
        assertProblem(421, ask("GET", "/api/v1/status", "Host: 127.0.0.1.evil.example\r\n", ""));
        assertThat(box.blocks().list()).isEmpty();

        String own = "Origin: http://127.0.0.1:" + box.port() + "\r\nSec-Fetch-Site: same-origin\r\n";
        assertThat(ask("POST", "/api/v1/blocks", JSON + own, body).status()).isEqualTo(200);
        assertThat(ask("GET", "/api/v1/status", "Host: localhost:8080\r\n", "").status())
                .isEqualTo(200);
        assertThat(ask("GET", "/api/v1/status", "Host: [::1]\r\n", "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | GET | /api/v1/top?by=colour | one of packets, bytes",
                "400 | GET | /api/v1/top?limit=0 | from 1 to 100",
                "400 | GET | /api/v1/top?seconds=x | from 1 to 60",
                "400 | GET | /api/v1/top?colour=red | known are by, limit, seconds",
                "400 | GET | /api/v1/status?x=1 | takes no query",
                "400 | GET | /api/v1/events?after=-1 | from 0",
                "404 | GET | /api | there are",
                "404 | GET | /api/v1/../../etc/passwd | there are",
                "405 | DELETE | /api/v1/status | GET",
                "405 | POST | /metrics | GET",
            })
    void shouldRefuseWrongRequests(int status, String method, String path, String words) throws IOException {
        assertProblem(status, ask(method, path, "", ""), words);
    }

    @Test
    void shouldTellWhatIsNoRequestAtAll() throws IOException {
        assertProblem(505, raw("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", new byte[0]), "not a request");
        assertProblem(400, raw("GARBAGE\r\n\r\n", new byte[0]));
        assertProblem(413, ask("POST", "/api/v1/blocks", JSON, " ".repeat(5_000)), "larger than 4096 bytes");
        Answer huge = raw("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", new byte[0]);
        assertThat(huge.status()).isBetween(400, 499);
        assertProblem(414, huge);
        assertThat(huge.json()).containsEntry("title", "URI Too Long");
    }

    @ParameterizedTest
    @CsvSource({
        "ZZ, 400, framed",
        "-2, 400, framed",
        "FFFFFFFFFF, 400, framed",
        "80000000, 400, framed",
        "7FFFFFFF, 413, larger than 4096 bytes",
    })
    void shouldAnswerAtOnceWhenTheBodyIsNotInChunks(String size, int status, String words) throws IOException {
        Answer answer = raw(
                "POST /api/v1/blocks HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n",
                (size + "\r\n").getBytes(StandardCharsets.US_ASCII));

        assertProblem(status, answer, words);
        assertThat(answer.headers()).containsEntry("connection", "close");
    }

    @ParameterizedTest
    @CsvSource({
        "401, Unauthorized",
        "405, Method Not Allowed",
        "408, Request Timeout",
        "413, Content Too Large",
        "414, URI Too Long",
        "431, Request Header Fields Too Large",
        "499, Bad Request",
        "500, Internal Server Error",
        "505, HTTP Version Not Supported",
        "599, Internal Server Error",
    })
    void shouldEntitleProblemsAsTheirStatusIsCalled(int status, String title) {
        assertThat(new HttpProblem(status, "it is wrong").toMap()).containsEntry("title", title);
    }

    @Test
    void shouldValidateAndSwapPolicies() throws IOException {
        Answer valid = ask("POST", "/api/v1/policy/validate", YAML, MONITOR);
        assertThat(valid.status()).isEqualTo(200);
        assertDescribed("post", "/api/v1/policy/validate", valid);
        assertThat(get("/api/v1/policy").body()).isEqualTo(POLICY);

        Answer wrong = ask("PUT", "/api/v1/policy", YAML, "mode: monitor\nlimits: [{name: x}]\n");
        assertProblem(422, wrong, "2 problems", "api:2:10: limits[0].track");
        assertDescribed("put", "/api/v1/policy", wrong);
        assertThat(get("/api/v1/policy").body()).isEqualTo(POLICY);
        assertThat(get("/api/v1/status").json()).containsEntry("mode", "enforce");

        Answer swapped = ask("PUT", "/api/v1/policy", YAML, MONITOR);
        assertDescribed("put", "/api/v1/policy", swapped);
        assertThat(swapped.body()).contains("until the next reload or start");
        assertThat(get("/api/v1/policy").body()).isEqualTo(MONITOR);
        assertThat(get("/api/v1/status").json()).containsEntry("mode", "monitor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\n", "# all of it commented out\n", "---\n", "~"})
    void shouldNotTakeAnEmptyBodyForTheBuiltInPolicy(String body) throws IOException {
        Answer empty = ask("PUT", "/api/v1/policy", YAML, body);
        assertProblem(422, empty, "api:1:1: policy: is empty", "say so: mode: enforce");
        assertDescribed("put", "/api/v1/policy", empty);
        assertProblem(422, ask("POST", "/api/v1/policy/validate", YAML, body), "is empty");
        assertThat(get("/api/v1/policy").body()).isEqualTo(POLICY);

        assertThat(ask("PUT", "/api/v1/policy", YAML, "mode: enforce").status()).isEqualTo(200);
    }

    @Test
    void shouldAskForTheTokenBeforeAnythingElse() throws IOException {
        box.close();
        box = new TestBox(POLICY, new Access("0123456789abcdef", null));
        assertProblem(401, get("/metrics"), "token");
        assertProblem(401, ask("GET", "/api/v1/status", "Authorization: Bearer 0123456789abcdeX\r\n", ""));
        assertProblem(401, ask("GET", "/api/v1/status", "Authorization: Bearer 0123456789abcde\r\n", ""));
        assertProblem(401, ask("POST", "/api/v1/blocks", JSON, "{\"prefix\":\"198.18.0.7\"}"));
        assertThat(get("/healthz").status()).isEqualTo(200);

        String token = "Authorization: Bearer 0123456789abcdef\r\n";
        assertThat(ask("GET", "/api/v1/status", token, "").status()).isEqualTo(200);
        assertThat(ask("GET", "/api/v1/status", token + "Host: gateway.example\r\n", "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void shouldBoundTheRateOfChanges() throws IOException {
        int refused = 0;
        for (int i = 0; i < Guard.CHANGES_BURST + 20; i++) {
            Answer answer = ask("POST", "/api/v1/blocks", JSON, "{\"prefix\":\"198.18.0.7\"}");
            if (answer.status() == 429) {
                refused++;
                assertProblem(429, answer, "too many changes");
                assertThat(answer.headers()).containsEntry("retry-after", "1");
            }
        }
        assertThat(refused).isBetween(1, 20);
    }

    @Test
    void shouldSayWhenItIsNotReady() throws IOException {
        box.state(Box.State.STARTING);
        assertThat(get("/readyz").status()).isEqualTo(503);
        assertThat(get("/healthz").status()).isEqualTo(200);
        box.state(Box.State.FAILED);
        assertThat(get("/healthz").status()).isEqualTo(503);
    }

    @Test
    void shouldStreamEventsAsTheyHappenAndWhatWasMissed() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
            socket.setSoTimeout(10_000);
            String request = "GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(next(lines, "id: ")).isEqualTo("id: 1");
            assertThat(next(lines, "event: ")).isEqualTo("event: start");

            box.events().tell(EventKind.PORT_DOWN, "port eth0 is down", Map.of("port", "eth0"));
            assertThat(next(lines, "event: ")).isEqualTo("event: port-down");
            Map<String, @Nullable Object> event =
                    JsonText.read(next(lines, "data: ").substring("data: ".length()));
            assertThat(event).containsEntry("id", 2L).containsEntry("port", "eth0");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?after=0    |                      | 1",
                "            | Last-Event-ID: 5     | 6",
                "?after=5000 |                      | 1",
                "            | Last-Event-ID: 50000 | 1",
            })
    void shouldLeaveNothingOutOfAStreamThatCatchesUp(String query, String header, long first) throws IOException {
        long last = tellMoreThanABatch();

        assertThat(streamed(query, header, (int) (last - first + 1)))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, last).boxed().toList());
    }

    /** The last one's number; of several kinds, because each kind is rationed. */
    private long tellMoreThanABatch() {
        for (int i = 0; i < 120; i++) {
            box.events().tell(EventKind.PORT_DOWN, "down", Map.of("port", "eth0"));
            box.events().tell(EventKind.PORT_UP, "up", Map.of("port", "eth0"));
        }
        return box.events().lastId();
    }

    private List<Long> streamed(@Nullable String query, @Nullable String header, int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), box.port())) {
            socket.setSoTimeout(5_000);
            String request = "GET /api/v1/events/stream" + Objects.requireNonNullElse(query, "")
                    + " HTTP/1.1\r\nHost: localhost\r\n" + (header == null ? "" : header + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            List<Long> ids = new ArrayList<>();
            while (ids.size() < count) {
                ids.add(Long.parseLong(next(lines, "id: ").substring("id: ".length())));
            }
            return ids;
        }
    }

    private static String next(BufferedReader lines, String prefix) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(prefix)) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    @Test
    void shouldRefuseMoreStreamsThanItHas() throws IOException {
        Socket[] sockets = new Socket[EventsApi.MAX_STREAMS];
        try {
            for (int i = 0; i < sockets.length; i++) {
                sockets[i] = new Socket(InetAddress.getLoopbackAddress(), box.port());
                sockets[i].setSoTimeout(10_000);
                sockets[i]
                        .getOutputStream()
                        .write("GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(sockets[i].getInputStream().read()).isEqualTo('H');
            }
            assertProblem(503, get("/api/v1/events/stream"), "close one");
            assertThat(get("/api/v1/status").status()).isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                if (socket != null) {
                    socket.close();
                }
            }
        }
    }
}
