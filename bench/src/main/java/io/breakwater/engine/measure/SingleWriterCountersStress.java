package io.breakwater.engine.measure;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** {@link SingleWriterCounters}: a total that was read once never goes back, and no half of a number is seen. */
@JCStressTest
@State
@Outcome(
        id = {"0, 0", "0, 1", "0, 4294967297", "1, 1", "1, 4294967297", "4294967297, 4294967297"},
        expect = Expect.ACCEPTABLE,
        desc = "whole, and not behind what was read before")
@Outcome(expect = Expect.FORBIDDEN, desc = "went back, or torn")
public class SingleWriterCountersStress {
    private final SingleWriterCounters counters = new SingleWriterCounters(1);
    /** The same, by a name of its own: a compiler does not know that it is, and may turn two plain reads round. */
    private final SingleWriterCounters again = counters;

    /** The owner: once in the lower half of the number, once in the upper. */
    @Actor
    public void add() {
        counters.add(0, 1);
        counters.add(0, 1L << 32);
    }

    /** Anyone. */
    @Actor
    public void read(JJ_Result result) {
        result.r1 = counters.get(0);
        result.r2 = again.get(0);
    }
}
