package io.breakwater.engine.tap;

import io.breakwater.engine.frame.FrameSlot;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link DropTap}: a copy is seen with all its bytes or not at all, and a second's budget is given once. */
public final class DropTapStress {
    private static final FrameSlot FRAME = TapFrames.marked(7);
    private static final int REASON = 3;

    private DropTapStress() {}

    /** Reason and last byte of what control sees. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "3, 7", expect = Expect.ACCEPTABLE, desc = "whole")
    @Outcome(expect = Expect.FORBIDDEN, desc = "seen before it was copied")
    public static class Copy {
        private final DropTap tap = new DropTap(1);

        /** Egress. */
        @Actor
        public void drop() {
            tap.onDropped(FRAME, REASON);
        }

        /** The control thread. */
        @Actor
        public void drain(II_Result result) {
            tap.drain(copy -> {
                result.r1 = copy.reason();
                result.r2 = copy.bytes().get(ValueLayout.JAVA_BYTE, copy.capturedLength() - 1L);
            });
        }
    }

    /** Of two frames with a budget of one a second, copies. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "both in one second")
    @Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the second began between them")
    @Outcome(expect = Expect.FORBIDDEN, desc = "budget lost, or given twice")
    public static class Budget {
        private final DropTap tap = new DropTap(1);

        /** Egress. */
        @Actor
        public void drop() {
            tap.onDropped(FRAME, REASON);
            tap.onDropped(FRAME, REASON);
        }

        /** The control thread. */
        @Actor
        public void startSecond() {
            tap.startSecond();
        }

        /** All copies, afterwards. */
        @Arbiter
        public void count(I_Result result) {
            tap.drain(copy -> result.r1++);
        }
    }
}
