package io.breakwater.appliance.cli;

import io.breakwater.appliance.json.JsonText;
import io.breakwater.appliance.process.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks a running box; every failure is one line and the exit code that fits. */
final class BoxClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String DATA = "data: ";

    /** What the box says of a request that cannot be right, whatever the box is at. */
    private static final Set<Integer> WRONG = Set.of(400, 401, 403, 413, 415, 421, 422);

    private final URI url;
    private final @Nullable String token;
    private final HttpClient http;

    BoxClient(URI url, @Nullable String token, @Nullable SSLContext tls) {
        this.url = url;
        this.token = token;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1);
        this.http = tls == null ? builder.build() : builder.sslContext(tls).build();
    }

    /** What the box answers. */
    Map<String, @Nullable Object> get(String path) {
        return answer(send("GET", path, null));
    }

    /** Changes something; the answer is empty if the box says nothing. */
    Map<String, @Nullable Object> change(String method, String path, @Nullable Map<String, ?> body) {
        return answer(send(method, path, body));
    }

    private Map<String, @Nullable Object> answer(HttpResponse<Stream<String>> response) {
        String body = response.body().collect(Collectors.joining("\n"));
        try {
            return body.isEmpty() ? Map.of() : JsonText.read(body);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.atRunTime(
                    url + " is no Breakwater of this version: its answer is not what was asked for; check --url");
        }
    }

    /** Gives each event as it comes, as JSON, until the box ends the stream. */
    void follow(String path, Consumer<String> onEvent) {
        try (Stream<String> lines = send("GET", path, null).body()) {
            lines.filter(line -> line.startsWith(DATA)).forEach(line -> onEvent.accept(line.substring(DATA.length())));
        } catch (UncheckedIOException e) {
            throw CommandFailure.atRunTime("the box at " + url + " went away; is it stopping?");
        }
        throw CommandFailure.atRunTime("the box at " + url + " ended the stream; is it stopping?");
    }

    private HttpResponse<Stream<String>> send(String method, String path, @Nullable Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(PATIENCE);
        BodyPublisher publisher =
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(JsonText.write(body));
        request.method(method, publisher).header("Accept", "application/json");
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<Stream<String>> response = http.send(request.build(), BodyHandlers.ofLines());
            if (response.statusCode() >= 300) {
                throw refusal(response);
            }
            return response;
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw CommandFailure.atRunTime("no box answers at " + url
                    + "; start one with 'breakwater run -c FILE', or name it by --url or -c FILE");
        } catch (SSLException e) {
            throw CommandFailure.atRunTime(
                    "no trusted connection to " + url + " (" + e.getMessage() + "); name its certificate by --ca FILE");
        } catch (IOException e) {
            throw CommandFailure.atRunTime(
                    "the box at " + url + " does not answer (" + e.getMessage() + "); check --url and its log");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.atRunTime("interrupted");
        }
    }

    private CommandFailure refusal(HttpResponse<Stream<String>> response) {
        String detail = "HTTP " + response.statusCode();
        try {
            Object said = answer(response).get("detail");
            detail = said == null ? detail : Plain.text(said);
        } catch (CommandFailure e) {
            // Not a problem document: whoever answers is told by its status.
        }
        String line = url + ": " + detail;
        return WRONG.contains(response.statusCode()) ? CommandFailure.usage(line) : CommandFailure.atRunTime(line);
    }
}
