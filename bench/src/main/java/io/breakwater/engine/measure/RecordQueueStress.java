package io.breakwater.engine.measure;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link RecordQueue}: a record is seen whole or not at all, and its place is not written before it was given back. */
public final class RecordQueueStress {
    private RecordQueueStress() {}

    /** Whoever sees that a record is there sees all of it. */
    @JCStressTest
    @State
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "7, 8", expect = Expect.ACCEPTABLE, desc = "whole")
    @Outcome(expect = Expect.FORBIDDEN, desc = "seen before it was written")
    public static class Publication {
        private final RecordQueue queue = new RecordQueue(2, 2);

        /** The producer. */
        @Actor
        public void produce() {
            int at = queue.tryClaim();
            queue.words()[at] = 7;
            queue.words()[at + 1] = 8;
            queue.publish();
        }

        /** The consumer. */
        @Actor
        public void consume(II_Result result) {
            int at = queue.peek();
            result.r1 = at == RecordQueue.NONE ? -1 : (int) queue.words()[at];
            result.r2 = at == RecordQueue.NONE ? -1 : (int) queue.words()[at + 1];
        }
    }

    /** In a queue of one record: the next is written only once the first was read. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "still full: refused")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "given back: written")
    @Outcome(expect = Expect.FORBIDDEN, desc = "written over while it was read")
    public static class Reuse {
        private final RecordQueue queue = new RecordQueue(1, 1);

        /** With one record in it. */
        public Reuse() {
            queue.words()[queue.tryClaim()] = 1;
            queue.publish();
        }

        /** The consumer. */
        @Actor
        public void consume(II_Result result) {
            int at = queue.peek();
            result.r1 = (int) queue.words()[at];
            queue.release();
        }

        /** The producer. */
        @Actor
        public void produce(II_Result result) {
            int at = queue.tryClaim();
            if (at != RecordQueue.NONE) {
                queue.words()[at] = 2;
                queue.publish();
                result.r2 = 1;
            }
        }
    }
}
