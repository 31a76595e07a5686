package io.breakwater.bench.wire;

import io.breakwater.bench.nativeaccess.InNetns;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who want to know: scrapers that ask for the gateway's metrics at an even rate, each over a connection that it keeps,
 * and compressed, as Prometheus does; and consoles that each hold a stream of events open.
 *
 * <p><b>Thread:</b> one for each scraper and each stream; the methods belong to one control thread.
 */
final class Askers implements AutoCloseable {
    private static final int PORT = 9464;
    private static final int PATIENCE_MS = 5_000;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_SCRAPERS = 10;

    private final List<Socket> streams = new ArrayList<>();
    private final List<Thread> scrapers = new ArrayList<>();
    private final AtomicLong scrapes = new AtomicLong();
    private final LongAccumulator longestNs = new LongAccumulator(Math::max, 0);
    private volatile boolean closed;
    private volatile String failure = "";

    /** They begin at once, in that namespace. */
    Askers(String netns, int scrapesPerSecond, int streamCount) throws IOException, InterruptedException {
        for (int i = 0; i < streamCount; i++) {
            streams.add(InNetns.call(netns, () -> ask("/api/v1/events/stream")));
        }
        streams.forEach(stream -> Thread.ofVirtual().start(() -> listen(stream)));
        int count = Math.min(MOST_SCRAPERS, scrapesPerSecond);
        long intervalNs = 1_000_000_000L * count / scrapesPerSecond;
        for (int i = 0; i < count; i++) {
            Socket connection = InNetns.call(netns, () -> new Socket(InetAddress.getLoopbackAddress(), PORT));
            long firstNs = System.nanoTime() + intervalNs * i / count;
            scrapers.add(
                    Thread.ofPlatform().daemon().name("scraper").start(() -> scrape(connection, firstNs, intervalNs)));
        }
    }

    private static Socket ask(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT);
        write(socket, path);
        return socket;
    }

    private static void write(Socket socket, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + PORT + "\r\nAccept-Encoding: gzip\r\n\r\n";
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
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

    private void scrape(Socket connection, long firstNs, long intervalNs) {
        try (connection) {
            connection.setSoTimeout(PATIENCE_MS);
            InputStream in = new BufferedInputStream(connection.getInputStream(), BUFFER_BYTES);
            for (long dueNs = firstNs; !closed; dueNs += intervalNs) {
                LockSupport.parkNanos(dueNs - System.nanoTime());
                long startNs = System.nanoTime();
                write(connection, "/metrics");
                readAnswer(in);
                longestNs.accumulate(System.nanoTime() - startNs);
                scrapes.incrementAndGet();
            }
        } catch (IOException e) {
            failure = closed ? failure : "a scrape failed: " + e.getMessage();
        }
    }

    /** Reads one answer to its end, as its length says. */
    private static void readAnswer(InputStream in) throws IOException {
        int length = -1;
        String line = line(in);
        if (!line.contains(" 200 ")) {
            throw new IOException("the gateway answered '" + line + "'");
        }
        while (!line.isEmpty()) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
            line = line(in);
        }
        if (length < 0) {
            throw new IOException("the gateway did not say how long its answer is");
        }
        in.skipNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the gateway closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Scrapes that were answered. */
    long scrapes() {
        return scrapes.get();
    }

    /** How long the slowest answer took, seconds. */
    double longestSeconds() {
        return longestNs.get() / 1e9;
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
            for (Thread scraper : scrapers) {
                scraper.join(PATIENCE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
