package io.breakwater.capture.xdp;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link ChunkReturns}: rx takes each chunk that egress gave back, once, in order, and none that it did not. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "none yet")
@Outcome(id = "1, 2048", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "2, 6144", expect = Expect.ACCEPTABLE, desc = "both")
@Outcome(expect = Expect.FORBIDDEN, desc = "a chunk that nobody gave back")
public class ChunkReturnsStress {
    private final ChunkReturns returns = new ChunkReturns(2);

    /** Egress: two batches of one chunk. */
    @Actor
    public void egress() {
        returns.put(2_048);
        returns.publish();
        returns.put(4_096);
        returns.publish();
    }

    /** Rx: how many there were, and the sum of their addresses. */
    @Actor
    public void rx(II_Result result) {
        int back = returns.available();
        long addresses = 0;
        for (int i = 0; i < back; i++) {
            addresses += returns.take();
        }
        returns.release();
        result.r1 = back;
        result.r2 = (int) addresses;
    }
}
