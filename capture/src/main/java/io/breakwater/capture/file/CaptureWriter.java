package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames of a {@link CaptureSource} as they were read: bytes, both lengths and the time stamp to the nanosecond.
 *
 * <p>The file is a nanosecond pcap. When a frame comes that such a file cannot hold (another link type, or a stamp before
 * 1970 or after 2106), what was written is copied to a pcapng file beside it, which then takes its name.
 *
 * <p>Writes are large and hold whole records only, so the file is a valid capture also after a run that was killed. What
 * is still in memory then (less than 1 MiB) is lost.
 *
 * <p><b>Thread:</b> egress; {@link #failure} any; {@link #close} after egress has ended. The egress thread must not be
 * interrupted: that closes the file.
 *
 * <p><b>Cost:</b> one copy per frame; no allocation.
 */
public final class CaptureWriter implements FrameSink, AutoCloseable {
    private static final String REWRITTEN_SUFFIX = ".pcapng-in-progress";

    private final String name;
    private final Path file;
    private final boolean regular;
    private final CaptureSource source;
    private OutputFile out;
    private @Nullable RecordEncoder encoder;
    private boolean closed;
    private volatile @Nullable CaptureException failure;

    private CaptureWriter(String name, Path file, CaptureSource source, FileChannel channel) {
        this.name = name;
        this.file = file;
        this.source = source;
        this.regular = Files.isRegularFile(file);
        this.out = new OutputFile(channel, regular);
    }

    /**
     * Creates the file, or empties it if it exists.
     *
     * @param source where the frames come from; an output without any frame gets its link type
     * @throws CaptureException if the file cannot be created or is one of the source's inputs
     */
    public static CaptureWriter create(String output, CaptureSource source) throws CaptureException {
        String clash = clash(output, source.inputs());
        if (clash != null) {
            throw new CaptureException(clash);
        }
        try {
            Path path = Path.of(output);
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            // A link stays a link: what it names is written, and rewritten.
            Path file = Files.isRegularFile(path) ? path.toRealPath() : path;
            return new CaptureWriter(output, file, source, channel);
        } catch (NoSuchFileException e) {
            throw new CaptureException(
                    "%s: cannot be written: its folder does not exist; make it, or name another".formatted(output));
        } catch (IOException | InvalidPathException e) {
            throw new CaptureException("%s: cannot be written: %s; choose another file or make its folder"
                    .formatted(output, OpenProblem.reason(e)));
        }
    }

    /**
     * Says whether writing would destroy what is read or written elsewhere: the same file by any name or link.
     *
     * @param output path to be written
     * @param others inputs ({@code -} is standard input) or other outputs
     * @return the line to print, or null
     */
    public static @Nullable String clash(String output, List<String> others) {
        for (String other : others) {
            String path = other.equals(CaptureInput.STANDARD_INPUT) ? "/dev/stdin" : other;
            if (same(output, path)) {
                return "%s: the same file as %s; write to another file".formatted(output, other);
            }
        }
        return null;
    }

    private static boolean same(String one, String two) {
        try {
            Path first = Path.of(one);
            Path second = Path.of(two);
            if (Files.exists(first) && Files.exists(second)) {
                return Files.isRegularFile(first) && Files.isSameFile(first, second);
            }
            return placeOf(first).equals(placeOf(second));
        } catch (IOException | InvalidPathException e) {
            // Whatever cannot be looked at cannot be opened either; opening it says why.
            return false;
        }
    }

    /** Where a file that may not exist yet would be. */
    private static Path placeOf(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return parent == null || !Files.exists(parent)
                ? absolute
                : parent.toRealPath().resolve(absolute.getFileName());
    }

    @Override
    public String name() {
        return name;
    }

    /** Why frames are not written any more, or null. {@link #close} throws it too. Any thread. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** {@inheritDoc} False only after a {@link #failure}. */
    @Override
    @HotPath
    public boolean send(FrameSlot slot) {
        if (failure != null) {
            return false;
        }
        try {
            write(slot);
            return true;
        } catch (IOException e) {
            fail(e);
        } catch (InternalError e) {
            failure = CaptureInput.changed(source.name());
        }
        return false;
    }

    @HotPath
    private void write(FrameSlot slot) throws IOException {
        long tag = slot.sourceTag();
        int link = FrameTag.link(tag);
        RecordEncoder to = encoder;
        if (to == null || !to.holds(link, slot.timestampNs())) {
            to = encoderFor(link, slot.timestampNs());
        }
        int captured = slot.capturedLength() + FrameTag.fcsHere(tag);
        to.put(slot.region(), slot.offset(), captured, FrameTag.originalLength(tag), link, slot.timestampNs());
    }

    private RecordEncoder encoderFor(int link, long timestampNs) throws IOException {
        RecordEncoder chosen;
        if (encoder != null) {
            chosen = becomePcapng();
        } else if (PcapEncoder.canBegin(link, timestampNs)) {
            chosen = new PcapEncoder(out, link);
        } else {
            chosen = new PcapngEncoder(out);
        }
        encoder = chosen;
        return chosen;
    }

    /** Copies what was written into a pcapng file, which takes the name of the pcap file in one step. */
    private RecordEncoder becomePcapng() throws IOException {
        if (!regular) {
            throw new IOException("frames of a second link type need pcapng, and a pipe cannot be rewritten;"
                    + " write to a regular file");
        }
        out.drain();
        Path rewritten = file.resolveSibling(file.getFileName() + REWRITTEN_SUFFIX);
        OutputFile next = new OutputFile(
                FileChannel.open(
                        rewritten,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING),
                true);
        try {
            RecordEncoder pcapng = new PcapngEncoder(next);
            copyWritten(pcapng);
            next.drain();
            replace(rewritten);
            out.close();
            out = next;
            return pcapng;
        } catch (IOException e) {
            next.close();
            Files.deleteIfExists(rewritten);
            throw e;
        }
    }

    private void copyWritten(RecordEncoder to) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment memory = channel.map(MapMode.READ_ONLY, 0, out.written(), arena);
            RecordParser written = new PcapParser(name, new MappedWindow(memory));
            int found = written.next();
            while (found != RecordParser.END) {
                if (found == RecordParser.FRAME) {
                    CaptureLink from = written.link();
                    int link = FrameTag.link(FrameTag.of(from.linkType(), from.fcsBytes(), 0, 0));
                    to.put(
                            memory,
                            written.frameOffset(),
                            written.captured(),
                            written.original(),
                            link,
                            written.timestampNs());
                }
                found = written.next();
            }
        }
    }

    private void replace(Path rewritten) throws IOException {
        try {
            Files.move(rewritten, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(rewritten, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Does nothing for a file; what reads a pipe wants to see the batch now. */
    @Override
    public void flush() {
        if (regular || failure != null) {
            return;
        }
        try {
            out.drain();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        failure = new CaptureException(
                "%s: cannot be written beyond byte %d: %s; the frames before that are there. Make room or choose another file, then run again"
                        .formatted(name, out.written(), OpenProblem.reason(e)));
    }

    /**
     * Writes what is left, and a valid capture without frames if there were none.
     *
     * @throws IOException the {@link #failure}, if there was one
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (OutputFile last = out) {
            finish(last);
        } catch (IOException e) {
            fail(e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void finish(OutputFile last) throws IOException {
        if (failure == null) {
            if (encoder == null) {
                encoder = encoderFor(source.link(), 0);
            }
            last.drain();
        }
    }
}
