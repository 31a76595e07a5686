package io.breakwater.capture.file;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.FrameSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Everything that a source gave until it ended or failed.
 *
 * @param problems what the source threw at the end; empty if it ended well
 */
record Replay(List<ReadFrame> frames, List<String> problems, List<String> warnings) {
    private static final int BATCH = 64;
    /** Polls without a frame after which a source counts as stuck: more than ten seconds of waiting. */
    private static final int MAX_QUIET_POLLS = 5_000;

    static InputStream noInput() {
        return InputStream.nullInputStream();
    }

    static Replay ofFile(Path... files) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path file : files) {
            names.add(file.toString());
        }
        try (CaptureSource source = CaptureSource.open(names, noInput())) {
            return of(source, BATCH);
        }
    }

    static Replay ofStream(byte[] bytes) throws IOException {
        try (CaptureSource source = CaptureSource.open(List.of("-"), new ByteArrayInputStream(bytes))) {
            return of(source, BATCH);
        }
    }

    static Replay of(CaptureSource source, int batch) {
        List<ReadFrame> frames = new ArrayList<>();
        List<String> problems = drain(source, batch, slot -> frames.add(ReadFrame.of(slot)));
        return new Replay(frames, problems, source.warnings());
    }

    /** Polls to the end, showing and releasing each slot; answers what went wrong. */
    static List<String> drain(CaptureSource source, int batch, Consumer<FrameSlot> each) {
        Slots slots = new Slots(batch);
        int quiet = 0;
        while (quiet < MAX_QUIET_POLLS) {
            int read;
            try {
                read = source.poll(slots, batch);
            } catch (CaptureException e) {
                return e.problems();
            } catch (IOException e) {
                throw new AssertionError("only CaptureException is promised", e);
            }
            if (read == FrameSource.END) {
                return List.of();
            }
            if (read != slots.claimed()) {
                throw new AssertionError("answered " + read + " but claimed " + slots.claimed());
            }
            quiet = read == 0 ? quiet + 1 : 0;
            for (int i = 0; i < read; i++) {
                each.accept(slots.get(i));
                source.release(slots.get(i));
            }
            slots.clear();
        }
        throw new AssertionError("the source neither gives frames nor ends");
    }
}
