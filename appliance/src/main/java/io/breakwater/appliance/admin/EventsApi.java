package io.breakwater.appliance.admin;

import io.breakwater.appliance.events.Event;
import io.breakwater.appliance.events.Events;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** {@code /api/v1/events}: what happened, as a list and as a stream of server-sent events (WHATWG HTML, 9.2). */
final class EventsApi {
    /** Streams at a time. */
    static final int MAX_STREAMS = 64;

    /** A comment is sent after so much silence, so that proxies and clients know that the stream lives. */
    private static final long SILENCE_MS = 10_000;

    /** Events sent at once. */
    private static final int BATCH = 100;

    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");

    private final Events events;
    private final Courtesy courtesy;
    private final Semaphore streams = new Semaphore(MAX_STREAMS);
    private volatile boolean closing;

    EventsApi(Events events, Courtesy courtesy) {
        this.events = events;
        this.courtesy = courtesy;
    }

    void list(Exchange exchange) {
        exchange.allowQuery("after", "limit");
        long after = exchange.number("after", 0L, 0, Long.MAX_VALUE);
        int limit = exchange.number("limit", 100, 1, Events.KEPT);
        Map<String, Object> answer = new LinkedHashMap<>();
        long last = events.lastId();
        List<Event> found = events.after(after, limit);
        answer.put("events", found.stream().map(Event::toMap).toList());
        // Whoever goes on after this number must not miss what happens between the two questions.
        answer.put(
                "last_id",
                found.isEmpty() ? last : Math.max(last, found.getLast().id()));
        exchange.json(200, answer);
    }

    /** Sends events as they happen, beginning after {@code after}, {@code Last-Event-ID}, or now. */
    void stream(Exchange exchange) {
        exchange.allowQuery("after");
        long after = exchange.number("after", lastSeen(exchange), 0, Long.MAX_VALUE);
        if (!streams.tryAcquire()) {
            throw new HttpProblem(503, "there are " + MAX_STREAMS + " streams already; close one");
        }
        exchange.response()
                .header(HeaderNames.CONTENT_TYPE, "text/event-stream")
                .header(HeaderNames.CACHE_CONTROL, "no-store");
        try (OutputStream out = exchange.response().outputStream()) {
            sendTo(out, ofThisRun(after));
        } catch (IOException e) {
            // The client went away; that is how streams end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.release();
        }
    }

    private long lastSeen(Exchange exchange) {
        String header = exchange.request().headers().first(LAST_EVENT_ID).orElse("");
        try {
            return header.isEmpty() ? events.lastId() : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return events.lastId();
        }
    }

    /** A number that is not given out yet is of a run before this one, which knows nothing of what the reader has seen. */
    private long ofThisRun(long after) {
        return after > events.lastId() ? 0 : after;
    }

    private void sendTo(OutputStream out, long after) throws IOException, InterruptedException {
        out.write(": events\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        long sent = after;
        while (!closing) {
            courtesy.onAnswer();
            List<Event> news = events.nextAfter(sent, BATCH);
            for (Event event : news) {
                out.write(line(event).getBytes(StandardCharsets.UTF_8));
                sent = event.id();
            }
            if (news.isEmpty() && !events.await(sent, SILENCE_MS)) {
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
        }
    }

    private static String line(Event event) {
        return "id: " + event.id() + "\nevent: " + event.kind().label() + "\ndata: " + event.toJson() + "\n\n";
    }

    /** Streams that are open. */
    int openStreams() {
        return MAX_STREAMS - streams.availablePermits();
    }

    /** Ends all streams at their next event. */
    void close() {
        closing = true;
    }
}
