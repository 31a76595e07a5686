package io.breakwater.bench.wire;

import io.breakwater.bench.nativeaccess.InNetns;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who want to know: one that scrapes the gateway's metrics at an even rate, and consoles that each hold a stream of
 * events open.
 *
 * <p><b>Thread:</b> the scraper's and one for each stream; the methods belong to one control thread.
 */
final class Askers implements AutoCloseable {
    private static final int PORT = 9464;
    private static final int PATIENCE_MS = 5_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private final List<Socket> streams = new ArrayList<>();
    private final AtomicLong scrapes = new AtomicLong();
    private final Thread scraper;
    private volatile boolean closed;
    private volatile String failure = "";

    /** They begin at once, in that namespace. */
    Askers(String netns, int scrapesPerSecond, int streamCount) throws IOException, InterruptedException {
        for (int i = 0; i < streamCount; i++) {
            streams.add(InNetns.call(netns, Askers::openStream));
        }
        streams.forEach(stream -> Thread.ofVirtual().start(() -> listen(stream)));
        scraper = Thread.ofPlatform().daemon().name("scraper").start(() -> scrape(netns, scrapesPerSecond));
    }

    private static Socket openStream() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT);
        OutputStream out = socket.getOutputStream();
        out.write("GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1:9464\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    private void listen(Socket stream) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = stream.getInputStream()) {
            while (in.read(buffer) >= 0) {
                // Told, and forgotten.
            }
            failure = closed ? failure : "a stream of events ended";
        } catch (IOException e) {
            failure = closed ? failure : "a stream of events broke: " + e.getMessage();
        }
    }

    private void scrape(String netns, int perSecond) {
        try {
            InNetns.enter(netns);
            long intervalNs = 1_000_000_000L / perSecond;
            for (long dueNs = System.nanoTime(); !closed; dueNs += intervalNs) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
                scrapeOnce();
            }
        } catch (IOException e) {
            failure = closed ? failure : "a scrape failed: " + e.getMessage();
        }
    }

    private void scrapeOnce() throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + PORT + "/metrics").toURL().openConnection();
        connection.setReadTimeout(PATIENCE_MS);
        try (InputStream in = connection.getInputStream()) {
            in.readAllBytes();
        }
        scrapes.incrementAndGet();
    }

    /** Scrapes that were answered. */
    long scrapes() {
        return scrapes.get();
    }

    /** Fails if one of them was turned away. */
    void requireServed() throws IOException {
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Socket stream : streams) {
            try {
                stream.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
        try {
            scraper.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
