package io.breakwater.engine.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.PacketBuilder;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropTapTest {
    private final DropTap tap = new DropTap(3);
    private final FrameSlot small = frame(20);
    private final FrameSlot large = frame(1_400);

    private static FrameSlot frame(int payloadBytes) {
        return PacketBuilder.ethernet()
                .ipv4("198.18.0.7", "203.0.113.5")
                .udp(11_211, 80)
                .payloadBytes(payloadBytes)
                .decoded();
    }

    private List<String> drain() {
        List<String> told = new ArrayList<>();
        tap.drain(copy -> told.add(copy.reason() + " " + copy.capturedLength() + " of " + copy.length()));
        return told;
    }

    @Test
    void shouldCopyTheFirstOfEachReasonInASecond() {
        for (int i = 0; i < 100; i++) {
            tap.onDropped(small, 5);
            tap.onDropped(small, 6);
        }
        String of = " " + small.length() + " of " + small.length();
        assertThat(drain()).containsExactly("5" + of, "6" + of, "5" + of, "6" + of, "5" + of, "6" + of);

        tap.startSecond();
        tap.onDropped(small, 5);
        assertThat(drain()).containsExactly("5" + of);
    }

    @Test
    void shouldCutLargeFramesAndKeepTheirLength() {
        tap.onDropped(large, 5);

        assertThat(drain()).containsExactly("5 " + DropTap.SNAP_BYTES + " of " + large.length());
    }

    @Test
    void shouldCopyTheBytesOfEachFrame() {
        tap.onDropped(large, 5);
        tap.onDropped(small, 5);
        List<byte[]> copies = new ArrayList<>();
        tap.drain(copy -> copies.add(copy.bytes().toArray(ValueLayout.JAVA_BYTE)));

        assertThat(copies).hasSize(2);
        assertThat(copies.get(0)).isEqualTo(bytes(large, DropTap.SNAP_BYTES));
        assertThat(copies.get(1)).isEqualTo(bytes(small, small.length()));
    }

    private static byte[] bytes(FrameSlot slot, int length) {
        return slot.region().asSlice(slot.offset(), length).toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void shouldCountCopiesThatFindNoRoom() {
        DropTap generous = new DropTap(1_000_000);
        for (int i = 0; i < 10_000; i++) {
            generous.onDropped(small, 5);
        }
        long[] told = new long[1];
        generous.drain(copy -> told[0]++);

        assertThat(told[0]).isEqualTo(512);
        assertThat(generous.lostFrames()).isEqualTo(10_000 - 512);
    }
}
