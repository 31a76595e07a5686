package io.breakwater.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.frame.PacketBuilder;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.RuleMode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RxStageTest {
    private static final int SLOTS = 16;
    private static final int BATCH = 4;
    private static final byte[] WEB_PAGE = PacketBuilder.ethernet()
            .ipv4("198.18.0.9", "203.0.113.5")
            .tcp(443, 40_000)
            .payloadBytes(40)
            .build();

    private final Sequence filter = new Sequence();
    private final RingBuffer<FrameSlot> ring = ring();
    private final PairEngine engine =
            new PairEngine(Policies.full(RuleMode.ENFORCE, 1), new Reasons(), PairEngine.Setup.REPLAY);
    private final Lanes lanes = Lanes.bySource(engine.filter(Lane.INBOUND), engine.filter(Lane.OUTBOUND));

    private RingBuffer<FrameSlot> ring() {
        int[] index = {0};
        RingBuffer<FrameSlot> made = RingBuffer.createSingleProducer(() -> new FrameSlot(index[0]++), SLOTS);
        made.addGatingSequences(filter);
        return made;
    }

    @Test
    void shouldDecodeOnlyWhileTheRingIsMoreThanHalfFull() throws IOException {
        RxStage rx = new RxStage(ring, new MemorySource(List.of(WEB_PAGE), 1_000, BATCH, 0, null), lanes, BATCH);

        for (int i = 0; i < SLOTS / BATCH; i++) {
            assertThat(rx.poll()).isEqualTo(BATCH);
        }

        assertThat(rx.poll()).as("full").isZero();
        assertThat(decoded(0, SLOTS / 2 + BATCH)).as("half full before or less").isEmpty();
        assertThat(decoded(SLOTS / 2 + BATCH, SLOTS)).containsExactly(12, 13, 14, 15);
        assertThat(ring.get(15).sourcePort()).isEqualTo(443);
        assertThat(ring.get(15).preclassifiedBy())
                .isEqualTo(engine.filter(Lane.INBOUND).chain().preclassifier().number());
    }

    @Test
    void shouldLeaveDecodingToAFilterThatCaughtUp() throws IOException {
        RxStage rx = new RxStage(ring, new MemorySource(List.of(WEB_PAGE), 1_000, BATCH, 0, null), lanes, BATCH);
        while (rx.poll() > 0) {
            // Until it is full.
        }
        filter.set(SLOTS - 1);

        assertThat(rx.poll()).isEqualTo(BATCH);

        assertThat(decoded(SLOTS, SLOTS + BATCH))
                .as("slots that held decoded frames")
                .isEmpty();
    }

    @Test
    void shouldPublishUndecodedWhatItCannotRead() throws IOException {
        Arena arena = Arena.ofShared();
        MemorySegment gone = arena.allocate(60);
        arena.close();
        RxStage rx = new RxStage(ring, lending(gone), lanes, BATCH);

        while (rx.poll() > 0) {
            // Until it is full.
        }

        assertThat(ring.getCursor()).isEqualTo(SLOTS - 1);
        assertThat(decoded(0, SLOTS)).isEmpty();
    }

    private List<Integer> decoded(int from, int to) {
        return LongStream.range(from, to)
                .mapToObj(ring::get)
                .filter(FrameSlot::isDecoded)
                .map(FrameSlot::index)
                .toList();
    }

    private static FrameSource lending(MemorySegment memory) {
        return new FrameSource() {
            @Override
            public String name() {
                return "gone";
            }

            @Override
            public int poll(SlotWriter slots, int limit) {
                int read = 0;
                for (FrameSlot slot = slots.tryClaim(); slot != null; slot = slots.tryClaim()) {
                    slot.wrap(memory, 0, 60, 60, LinkLayer.ETHERNET, 0);
                    read++;
                }
                return read;
            }

            @Override
            public void close() {}
        };
    }
}
