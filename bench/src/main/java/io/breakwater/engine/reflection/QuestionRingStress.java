package io.breakwater.engine.reflection;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link QuestionRing}: a question that is drained is the one that was asked, and a full ring writes over none. */
public final class QuestionRingStress {
    private static final long DNS = 1L << 48 | 53;
    private static final int CAPACITY = 64;

    /** The inbound filter's, that is one actor's alone; too large to make one for each state. */
    private static final ThreadLocal<SolicitedTable> TABLE =
            ThreadLocal.withInitial(() -> new SolicitedTable(CAPACITY, 0, 1));

    private QuestionRingStress() {}

    private static void ask(QuestionRing ring, long who) {
        ring.publish(who, who, who, who, DNS, 0);
    }

    /** How many of the questions of {@code who} the table holds; each is used up. */
    private static int answered(SolicitedTable table, long who) {
        int answered = 0;
        while (table.admits(who, who, who, who, DNS, 0)) {
            answered++;
        }
        return answered;
    }

    /** Questions drained, and those among them that were really asked. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the question")
    @Outcome(expect = Expect.FORBIDDEN, desc = "drained before it was written")
    public static class Publication {
        private final QuestionRing ring = new QuestionRing(2);

        /** The outbound filter. */
        @Actor
        public void publish() {
            ask(ring, 7);
        }

        /** The inbound filter. */
        @Actor
        public void drain(II_Result result) {
            SolicitedTable table = TABLE.get();
            result.r1 = ring.drainTo(table, 0);
            result.r2 = answered(table, 7);
        }
    }

    /** A ring of one question, which is full: the second is lost, or comes once the first is out of the way. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the second was lost, and counted")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the second came behind the first")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the second was written over the first")
    public static class Reuse {
        private final QuestionRing ring = new QuestionRing(1);

        /** With one question in it. */
        public Reuse() {
            ask(ring, 7);
        }

        /** The inbound filter. */
        @Actor
        public void drain(II_Result result) {
            SolicitedTable table = TABLE.get();
            ring.drainTo(table, 0);
            result.r1 = answered(table, 7);
            answered(table, 8);
        }

        /** The outbound filter. */
        @Actor
        public void publish(II_Result result) {
            ask(ring, 8);
            result.r2 = ring.lost() == 0 ? 1 : 0;
        }
    }
}
