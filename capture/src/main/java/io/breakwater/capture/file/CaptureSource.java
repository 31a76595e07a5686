package io.breakwater.capture.file;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads captures, one after the other, as one stream of frames in file order.
 *
 * <p>Regular files are mapped and lent: nothing is copied. Standard input and FIFOs go through a ring of fixed size, whose
 * memory comes back by {@link #release}. A damaged or cut-short input is read up to the damage, the inputs behind it are
 * read too, and then {@link #poll} throws all that was wrong at once: so a run processes all that can be processed.
 *
 * <p><b>Thread:</b> rx, except {@link #release} (egress), {@link #bytesRead}, {@link #warnings} (any) and {@link #close}
 * (when no slot is in use any more).
 *
 * <p><b>Cost:</b> no allocation per frame.
 */
public final class CaptureSource implements FrameSource {
    /** {@link #bytesTotal} when an input is a stream. */
    public static final long UNKNOWN = -1;

    private static final int MORE = 0;
    private static final int QUIET = 1;
    private static final int NEXT_INPUT = 2;

    /** Blocks without frames that one poll passes over at most, so that it returns soon whatever the input is. */
    private static final int SPARE_STEPS = 4_096;

    private static final long QUIET_WAIT_NS = 2_000_000;
    /** Different link types that get a warning of their own. */
    private static final int MAX_LINK_WARNINGS = 16;

    private final List<String> names;
    private final List<CaptureInput> inputs;
    private final Arena arena;
    private final @Nullable StreamWindow ring;
    private final long bytesTotal;
    private final AtomicLong bytesRead = new AtomicLong();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** Of the problems so far: every one is an input that is no capture. */
    private boolean noCapture = true;

    private final BitSet warnedLinkTypes = new BitSet();

    private int nextInput;
    private @Nullable CaptureInput input;
    private @Nullable RecordParser parser;
    private boolean undelivered;
    private boolean stampsClamped;
    private long bytesBefore;
    private int filled;
    private volatile @Nullable CaptureLink firstLink;

    private CaptureSource(List<String> names, List<CaptureInput> inputs, Arena arena) {
        this.names = List.copyOf(names);
        this.inputs = inputs;
        this.arena = arena;
        boolean streams = inputs.stream().anyMatch(i -> i.stream() != null);
        ring = streams ? new StreamWindow() : null;
        bytesTotal = streams
                ? UNKNOWN
                : inputs.stream().mapToLong(CaptureInput::sizeBytes).sum();
        nextInput();
    }

    /**
     * Opens all inputs, to be read in this order.
     *
     * @param inputs paths, or {@code -} for standard input (once)
     * @param standardInput what {@code -} means; read on a thread of its own, never closed
     * @throws CaptureException if any is missing, a directory, not readable, empty or no capture; names all of them. What a
     *     stream holds is known only when it is read: that comes from {@link #poll}
     */
    public static CaptureSource open(List<String> inputs, InputStream standardInput) throws CaptureException {
        Arena arena = Arena.ofShared();
        List<CaptureInput> opened = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        if (inputs.isEmpty()) {
            problems.add("no capture was given; give one with -i");
        }
        if (inputs.stream().filter(CaptureInput.STANDARD_INPUT::equals).count() > 1) {
            problems.add("standard input (-i -) can be read only once; give it once");
        }
        for (String input : inputs) {
            try {
                opened.add(CaptureInput.open(input, standardInput, arena));
            } catch (CaptureException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            arena.close();
            throw new CaptureException(problems);
        }
        return new CaptureSource(inputs, opened, arena);
    }

    @Override
    public String name() {
        int others = names.size() - 1;
        return others == 0 ? names.getFirst() : "%s and %d more".formatted(names.getFirst(), others);
    }

    /** The inputs as they were given. */
    public List<String> inputs() {
        return names;
    }

    /** Bytes of all inputs, or {@link #UNKNOWN}. */
    public long bytesTotal() {
        return bytesTotal;
    }

    /** Bytes read so far; at most one batch behind. Any thread. */
    public long bytesRead() {
        return bytesRead.getOpaque();
    }

    /** What the user should know, one line each: link types that are not looked into, clamped time stamps. Any thread. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Link type and FCS length of the first interface, as in a {@link FrameTag}; Ethernet while none is known. */
    int link() {
        CaptureLink link = firstLink;
        return link == null ? LinkTypes.ETHERNET : FrameTag.link(FrameTag.of(link.linkType(), link.fcsBytes(), 0, 0));
    }

    /**
     * {@inheritDoc}
     *
     * @throws CaptureException once, after everything that could be read was read, if any input was damaged or cut short
     */
    @Override
    @HotPath
    public int poll(SlotWriter slots, int limit) throws IOException {
        filled = 0;
        int room = Math.min(limit, slots.free());
        int state = MORE;
        while (filled < room && input != null) {
            state = read(slots, room);
            if (state != NEXT_INPUT) {
                break;
            }
            nextInput();
        }
        if (filled == 0 && room > 0) {
            return nothing(state);
        }
        return filled;
    }

    private int nothing(int state) throws CaptureException {
        if (input == null) {
            return finish();
        }
        if (state == QUIET && ring != null) {
            ring.await(QUIET_WAIT_NS);
        }
        return 0;
    }

    private int finish() throws CaptureException {
        if (problems.isEmpty()) {
            return END;
        }
        List<String> all = List.copyOf(problems);
        problems.clear();
        boolean nothing = noCapture && firstLink == null;
        throw new CaptureException(all, nothing ? CaptureException.Kind.NO_CAPTURE : CaptureException.Kind.OTHER);
    }

    /** Reads from the current input; whatever goes wrong ends that input and is kept. */
    private int read(SlotWriter slots, int room) {
        CaptureInput from = Objects.requireNonNull(input);
        try {
            RecordParser reading = parser == null ? detect(from) : parser;
            return reading == null ? QUIET : readRecords(reading, slots, room);
        } catch (IOException e) {
            noCapture &= e instanceof CaptureException known && known.isNoCapture();
            problems.add(e.getMessage());
        } catch (InternalError e) {
            noCapture = false;
            problems.add(CaptureInput.changed(from.name()).getMessage());
        }
        return NEXT_INPUT;
    }

    @HotPath
    private int readRecords(RecordParser reading, SlotWriter slots, int room) throws IOException {
        int state = MORE;
        for (int step = room + SPARE_STEPS; step > 0 && filled < room && state == MORE; step--) {
            int found = undelivered ? RecordParser.FRAME : reading.next();
            switch (found) {
                case RecordParser.FRAME -> state = deliver(reading, slots);
                case RecordParser.WAIT -> state = QUIET;
                case RecordParser.END -> state = NEXT_INPUT;
                default -> {}
            }
        }
        bytesRead.setOpaque(bytesBefore + reading.window.position());
        if (firstLink == null) {
            firstLink = reading.firstLink();
        }
        return state;
    }

    @HotPath
    private int deliver(RecordParser reading, SlotWriter slots) {
        FrameSlot slot = slots.tryClaim();
        undelivered = slot == null;
        if (slot == null) {
            return QUIET;
        }
        CaptureLink link = reading.link();
        int captured = reading.captured();
        // Lengths are without frame check sequence; its bytes stay behind the frame for the writer.
        long length = Math.max(Integer.toUnsignedLong(reading.original()), captured);
        long body = Math.max(length - link.fcsBytes(), 0);
        int kept = (int) Math.min(captured, body);
        slot.wrap(
                reading.window.memory(),
                reading.frameOffset(),
                kept,
                (int) Math.min(body, Integer.MAX_VALUE),
                link.linkLayer(),
                reading.timestampNs());
        slot.sourceTag(FrameTag.of(link.linkType(), link.fcsBytes(), captured - kept, reading.original()));
        filled++;
        if (ring != null && !reading.window.isFile()) {
            ring.lend();
        }
        if (link.linkLayer() == LinkLayer.UNSUPPORTED) {
            warnOfLinkType(link.linkType());
        }
        if (reading.timestampNs() == Long.MAX_VALUE || reading.timestampNs() == Long.MIN_VALUE) {
            warnOfStamps(reading.name);
        }
        return MORE;
    }

    @Override
    @HotPath
    public void release(FrameSlot slot) {
        if (ring != null && !slot.region().isMapped()) {
            ring.release();
        }
    }

    // ---- From input to input.

    private void nextInput() {
        if (firstLink == null && parser != null) {
            firstLink = parser.firstLink();
        }
        bytesBefore += input == null ? 0 : input.sizeBytes() == 0 ? streamed() : input.sizeBytes();
        bytesRead.setOpaque(bytesBefore);
        undelivered = false;
        if (ring != null) {
            ring.detach();
        }
        input = nextInput < inputs.size() ? inputs.get(nextInput++) : null;
        parser = input == null ? null : input.mapped();
        if (ring != null && input != null && input.stream() != null) {
            ring.attach(new StreamPump(input.name(), input.stream()));
        }
    }

    private long streamed() {
        return ring == null ? 0 : ring.position();
    }

    private @Nullable RecordParser detect(CaptureInput from) throws IOException {
        parser = CaptureInput.detect(from.name(), Objects.requireNonNull(ring));
        return parser;
    }

    private void warnOfLinkType(int linkType) {
        if (warnedLinkTypes.get(linkType)) {
            return;
        }
        warnedLinkTypes.set(linkType);
        int kinds = warnedLinkTypes.cardinality();
        if (kinds <= MAX_LINK_WARNINGS) {
            warnings.add(
                    "%s: frames of link type %d are forwarded without a look inside, as non_ip (numbers: tcpdump.org/linktypes.html)"
                            .formatted(Objects.requireNonNull(input).name(), linkType));
        } else if (kinds == MAX_LINK_WARNINGS + 1) {
            warnings.add("more link types than %d are not looked into".formatted(MAX_LINK_WARNINGS));
        }
    }

    private void warnOfStamps(String name) {
        if (!stampsClamped) {
            stampsClamped = true;
            warnings.add(name + ": time stamps before 1677 or after 2262 are moved to those years");
        }
    }

    @Override
    public void close() {
        if (ring != null) {
            ring.close();
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
