package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameDecoder;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.LinkLayer;
import io.breakwater.engine.policy.Prefix;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link TemporaryBlocks}: a list of blocked sources is in force whole or not at all. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not yet in force")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "in force from the second frame on")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "in force")
@Outcome(expect = Expect.FORBIDDEN, desc = "half a list, or back to none")
public class TemporaryBlocksStress {
    private static final List<Prefix> BLOCKED = List.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("203.0.113.7"));
    private static final FrameSlot FIRST = from(198, 51, 100, 9);
    private static final FrameSlot SECOND = from(203, 0, 113, 7);

    private final TemporaryBlocks blocks = new TemporaryBlocks();

    /** The control thread. */
    @Actor
    public void replace() {
        blocks.replace(BLOCKED);
    }

    /** A filter worker: one frame, and then another, from two blocked sources. */
    @Actor
    public void classify(II_Result result) {
        result.r1 = blocks.classify(FIRST, 0) == Verdict.UNSETTLED ? 0 : 1;
        result.r2 = blocks.classify(SECOND, 0) == Verdict.UNSETTLED ? 0 : 1;
    }

    /** A decoded IPv4 frame of this source, without a payload. */
    private static FrameSlot from(int... source) {
        byte[] frame = new byte[60];
        frame[12] = 8; // EtherType 0x0800
        frame[14] = 0x45;
        frame[17] = 20;
        for (int i = 0; i < source.length; i++) {
            frame[26 + i] = (byte) source[i];
        }
        FrameSlot slot = new FrameSlot(0);
        slot.wrap(MemorySegment.ofArray(frame), 0, frame.length, frame.length, LinkLayer.ETHERNET, 0);
        FrameDecoder.decode(slot);
        return slot;
    }
}
