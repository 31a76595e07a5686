package io.breakwater.capture.file;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.pipeline.SlotWriter;
import org.jspecify.annotations.Nullable;

/** A batch of slots that can be claimed once, then again after {@link #clear}. */
final class Slots implements SlotWriter {
    private final FrameSlot[] slots;
    private int claimed;

    Slots(int count) {
        slots = new FrameSlot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new FrameSlot(i);
        }
    }

    @Override
    public int free() {
        return slots.length - claimed;
    }

    @Override
    public @Nullable FrameSlot tryClaim() {
        return claimed == slots.length ? null : slots[claimed++];
    }

    int claimed() {
        return claimed;
    }

    FrameSlot get(int index) {
        return slots[index];
    }

    void clear() {
        claimed = 0;
    }
}
