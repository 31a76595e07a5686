package io.breakwater.appliance.admin;

import io.breakwater.appliance.json.JsonText;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** One request and its answer. Thread: the request's own. */
record Exchange(ServerRequest request, ServerResponse response) {
    static final String JSON = "application/json";
    static final String YAML = "application/yaml";
    private static final Pattern GZIP =
            Pattern.compile("(^|[\\s,])gzip\\s*(,|$|;\\s*q=(1|0?\\.0*[1-9]))", Pattern.CASE_INSENSITIVE);

    void json(int status, Map<String, ?> body) {
        send(status, JSON, bytes(body));
    }

    /** A line of JSON. */
    static byte[] bytes(Map<String, ?> body) {
        return (JsonText.write(body) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    void text(int status, String body) {
        send(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers; nosniff and no-store, because all of it is live and none of it is a page. */
    void send(int status, String type, byte[] body) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, type)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header("X-Content-Type-Options", "nosniff");
        send(body);
    }

    /** Answers like {@link #send(int, String, byte[])}, compressed if the caller takes that. */
    void send(String type, Fresh.Answer answer) {
        response.header(HeaderNames.VARY, "Accept-Encoding");
        if (takesGzip()) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
            send(200, type, answer.compressed());
        } else {
            send(200, type, answer.body());
        }
    }

    /** Whether gzip is named among the encodings, and not with a weight of nothing (RFC 9110, section 12.5.3). */
    private boolean takesGzip() {
        String accepted = request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse("");
        return GZIP.matcher(accepted).find();
    }

    /** Sends the body, or for HEAD its length alone. */
    void send(byte[] body) {
        // Helidon would send the body that HEAD must not have.
        if (request.prologue().method().equals(Method.HEAD)) {
            response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(body.length));
            response.send();
        } else {
            response.send(body);
        }
    }

    /** A whole number of the query. */
    int number(String name, int byDefault, int min, int max) {
        return (int) number(name, (long) byDefault, min, max);
    }

    /** A whole number of the query. */
    long number(String name, long byDefault, long min, long max) {
        String text = request.query().first(name).orElse(String.valueOf(byDefault));
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through: out of range like any other.
        }
        throw new HttpProblem(400, "'" + name + "' must be a number from " + min + " to " + max);
    }

    /** One of a few words of the query. */
    <E extends Enum<E>> E word(String name, E byDefault) {
        String text = request.query().first(name).orElse(byDefault.name());
        Class<E> type = byDefault.getDeclaringClass();
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!words.contains(text.toLowerCase(Locale.ROOT))) {
            throw new HttpProblem(400, "'" + name + "' must be one of " + String.join(", ", words));
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    /** Refuses what the query has beside these. */
    void allowQuery(String... names) {
        for (String name : request.query().names()) {
            if (!Set.of(names).contains(name)) {
                throw new HttpProblem(
                        400,
                        names.length == 0
                                ? "this takes no query"
                                : "there is no parameter of that name; known are " + String.join(", ", names));
            }
        }
    }

    /** The request's body, of this media type and at most so large. */
    String body(String type, int maxBytes) {
        String given = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        String media = given.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (!media.equals(type)) {
            throw new HttpProblem(415, "the body must be " + type + ": send Content-Type: " + type);
        }
        try {
            // Not to be closed: that waits for the rest of a body, however long it takes and however broken it is.
            InputStream in = request.content().inputStream();
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HttpProblem(400, "the body is not UTF-8");
        } catch (RequestException e) {
            throw endless(e.status().code() == 413 ? tooLarge(maxBytes) : notFramed());
        } catch (NumberFormatException e) {
            // As the server says it of the size of a chunk that is no number.
            throw endless(notFramed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody knows where such a body ends and the next request begins. */
    private HttpProblem endless(HttpProblem problem) {
        response.header(HeaderValues.CONNECTION_CLOSE);
        return problem;
    }

    private static HttpProblem notFramed() {
        return new HttpProblem(400, "the body is not framed in chunks as RFC 9112, section 7.1, has them");
    }

    private static HttpProblem tooLarge(int maxBytes) {
        return new HttpProblem(413, "the body is larger than " + maxBytes + " bytes");
    }
}
