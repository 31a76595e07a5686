package io.breakwater.appliance.evidence;

import io.breakwater.appliance.config.EvidenceConfig;
import io.breakwater.capture.file.CommentedCapture;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.tap.DropTap;
import io.breakwater.engine.tap.DroppedFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of dropped frames in at most so many pcapng files, the oldest of which goes when another is begun. Files of
 * an earlier run count too.
 *
 * <p>A full disk is counted and said once, until something could be written again; the data path never waits.
 *
 * <p><b>Thread:</b> {@code evidence}, which it starts; the counters any.
 */
public final class Evidence {
    private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);
    private static final Pattern NAME = Pattern.compile("evidence-([0-9]{1,9})\\.pcapng");
    private static final long POLL_MS = 100;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long CLOSE_MS = 2_000;

    private final EvidenceConfig config;
    private final Reasons reasons;
    private final List<Tapped> taps;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().name("evidence").daemon().unstarted(this::work);
    private @Nullable CommentedCapture file;
    private long unflushed;
    private boolean failing;
    private volatile boolean closing;

    /** A lane's copies, and its pair's name. */
    public record Tapped(String pair, DropTap tap) {}

    private Evidence(EvidenceConfig config, Reasons reasons, List<Tapped> taps) {
        this.config = config;
        this.reasons = reasons;
        this.taps = List.copyOf(taps);
    }

    /**
     * Writes from now on; null if nothing is to be kept.
     *
     * @throws IOException if the directory cannot be written; the message says the next step
     */
    public static @Nullable Evidence open(@Nullable EvidenceConfig config, Reasons reasons, List<Tapped> taps)
            throws IOException {
        if (config == null) {
            return null;
        }
        if (!Files.isDirectory(config.directory()) || !Files.isWritable(config.directory())) {
            throw new IOException("evidence.directory: " + config.directory()
                    + " is not a directory that can be written; create it, or give rights to it");
        }
        Evidence evidence = new Evidence(config, reasons, taps);
        evidence.thread.start();
        return evidence;
    }

    /** Copies that were written; never goes back. */
    public long written() {
        return written.get();
    }

    /** Copies that were not, for want of room; never goes back. */
    public long lost() {
        return lost.get()
                + taps.stream().mapToLong(tapped -> tapped.tap().lostFrames()).sum();
    }

    private void work() {
        try {
            long secondNs = System.nanoTime();
            while (!closing) {
                Thread.sleep(POLL_MS);
                if (System.nanoTime() - secondNs >= SECOND_NS) {
                    secondNs = System.nanoTime();
                    taps.forEach(tapped -> tapped.tap().startSecond());
                }
                drain();
            }
            drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeFile();
        }
    }

    private void drain() {
        for (Tapped tapped : taps) {
            tapped.tap().drain(frame -> put(tapped.pair(), frame));
        }
        try {
            CommentedCapture open = file;
            if (open != null && unflushed > 0) {
                open.flush();
                written.addAndGet(unflushed);
                unflushed = 0;
                failing = false;
            }
        } catch (IOException e) {
            onFailure(e);
        }
    }

    private void put(String pair, DroppedFrame frame) {
        try {
            unflushed++;
            openFile().put(frame.bytes(), frame.length(), frame.timestampNs(), comment(pair, frame));
        } catch (IOException e) {
            onFailure(e);
        }
    }

    private String comment(String pair, DroppedFrame frame) {
        String reason = reasons.name(frame.reason());
        return "pair " + pair + ", " + (frame.inbound() ? "inbound" : "outbound") + ", dropped: " + reason + ", rule: "
                + DropRule.of(reason);
    }

    private void onFailure(IOException e) {
        lost.addAndGet(unflushed);
        unflushed = 0;
        if (!failing) {
            failing = true;
            LOG.error(
                    "evidence.directory: {} cannot be written ({}); copies are counted as lost until it can; make room",
                    config.directory(),
                    e.getMessage());
        }
    }

    private CommentedCapture openFile() throws IOException {
        CommentedCapture open = file;
        if (open != null && open.size() < config.fileBytes()) {
            return open;
        }
        if (open != null) {
            open.flush();
            closeFile();
        }
        NavigableMap<Integer, Path> numbered = numbered();
        int next = numbered.isEmpty() ? 1 : numbered.lastKey() + 1;
        while (numbered.size() >= config.files()) {
            Files.deleteIfExists(
                    Objects.requireNonNull(numbered.pollFirstEntry()).getValue());
        }
        CommentedCapture created = CommentedCapture.create(config.directory().resolve("evidence-" + next + ".pcapng"));
        file = created;
        return created;
    }

    private NavigableMap<Integer, Path> numbered() throws IOException {
        NavigableMap<Integer, Path> numbered = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(config.directory())) {
            listed.forEach(files::add);
        }
        for (Path path : files) {
            Matcher matcher = NAME.matcher(String.valueOf(path.getFileName()));
            if (matcher.matches()) {
                numbered.put(Integer.parseInt(matcher.group(1)), path);
            }
        }
        return numbered;
    }

    private void closeFile() {
        CommentedCapture open = file;
        file = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.warn("evidence: a file could not be closed: {}", e.getMessage());
        }
    }

    /** Writes what was copied, for two seconds at most, and closes the file. */
    public void close() throws InterruptedException {
        closing = true;
        thread.join(CLOSE_MS);
    }
}
