package io.breakwater.bench.traffic;

import io.breakwater.appliance.process.CommandFailure;
import io.breakwater.capture.file.CaptureException;
import io.breakwater.capture.file.CaptureSource;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSource;
import io.breakwater.engine.pipeline.SlotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Captures as frames to measure with: read once, kept in memory. */
public final class CaptureTraffic {
    private static final int BATCH = 64;
    /** A record of either capture format takes at least so many bytes in its file. */
    private static final int LEAST_RECORD_BYTES = 16;

    /** Between two loops: as long as between two frames of a busy line. */
    private static final long GAP_NS = 1_000;

    private CaptureTraffic() {}

    /**
     * Loads all frames of the captures.
     *
     * @throws CommandFailure if one cannot be read whole, holds no frame, or is too large
     */
    public static FrameSet load(List<String> inputs) {
        if (inputs.contains("-")) {
            throw CommandFailure.usage("-i -: a measurement reads its captures into memory; give a file");
        }
        try (CaptureSource source = CaptureSource.open(inputs, InputStream.nullInputStream())) {
            if (source.bytesTotal() < 0 || source.bytesTotal() > FrameSet.MAX_BYTES) {
                throw CommandFailure.usage(
                        "the captures are no regular files or larger than 1 GiB in all; give smaller ones");
            }
            FrameSet set = new FrameSet((int) (source.bytesTotal() / LEAST_RECORD_BYTES) + 1, source.bytesTotal());
            try {
                return filled(set, source, inputs);
            } catch (IOException | RuntimeException e) {
                set.close();
                throw e;
            }
        } catch (CaptureException e) {
            throw CommandFailure.usage(String.join("\n", e.problems()));
        } catch (IOException e) {
            throw CommandFailure.atRunTime(String.valueOf(e.getMessage()));
        }
    }

    private static FrameSet filled(FrameSet set, CaptureSource source, List<String> inputs) throws IOException {
        Slots slots = new Slots();
        long firstNs = 0;
        long latestNs = 0;
        for (int read = source.poll(slots, BATCH); read != FrameSource.END; read = source.poll(slots, BATCH)) {
            for (int i = 0; i < read; i++) {
                FrameSlot slot = slots.cells[i];
                firstNs = set.frames() == 0 ? slot.timestampNs() : firstNs;
                long stampNs = slot.timestampNs() - firstNs;
                latestNs = Math.max(latestNs, stampNs);
                long at = set.add(slot.capturedLength(), slot.length(), slot.linkLayer(), stampNs);
                MemorySegment.copy(slot.region(), slot.offset(), set.memory, at, slot.capturedLength());
                source.release(slot);
            }
            slots.claimed = 0;
        }
        if (set.frames() == 0) {
            throw CommandFailure.usage(String.join(", ", inputs) + ": no frames in it; give another capture");
        }
        set.loopNs(latestNs + GAP_NS);
        return set;
    }

    /** A ring of one batch. */
    private static final class Slots implements SlotWriter {
        private final FrameSlot[] cells = new FrameSlot[BATCH];
        private int claimed;

        Slots() {
            for (int i = 0; i < BATCH; i++) {
                cells[i] = new FrameSlot(i);
            }
        }

        @Override
        public int free() {
            return BATCH - claimed;
        }

        @Override
        public @Nullable FrameSlot tryClaim() {
            return claimed < BATCH ? cells[claimed++] : null;
        }
    }
}
