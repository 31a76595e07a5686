package io.breakwater.engine.tap;

import io.breakwater.engine.frame.FrameSlot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link TrafficTap}: while frames are few each is sampled once, whole, whichever interval it falls into. */
@JCStressTest
@State
@Outcome(id = "0, 18", expect = Expect.ACCEPTABLE, desc = "both in the interval after")
@Outcome(id = "7, 18", expect = Expect.ACCEPTABLE, desc = "one in each")
@Outcome(id = "18, 18", expect = Expect.ACCEPTABLE, desc = "both in the first")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, seen twice, or seen before it was written")
public class TrafficTapStress {
    private static final FrameSlot FIRST = TapFrames.marked(7);
    private static final FrameSlot SECOND = TapFrames.marked(11);
    private static final int REASON = 3;

    private final TrafficTap tap = new TrafficTap(1);

    /** Egress: two frames. */
    @Actor
    public void settle() {
        tap.onSettled(FIRST, REASON);
        tap.onSettled(SECOND, REASON);
    }

    /** The control thread ends an interval: the sum of the marks it saw. */
    @Actor
    public void drain(II_Result result) {
        result.r1 = marksDrained();
    }

    /** And the sum of all. */
    @Arbiter
    public void drainAll(II_Result result) {
        result.r2 = result.r1 + marksDrained();
    }

    private int marksDrained() {
        int[] sum = new int[1];
        tap.drain(
                sample -> sum[0] += sample.reason() == REASON ? (int) (sample.sourceLo() & 0xFF) * sample.every() : -1);
        return sum[0];
    }
}
