package io.breakwater.engine.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import io.breakwater.engine.measure.Reasons;
import io.breakwater.engine.policy.Policy;
import io.breakwater.engine.policy.RuleMode;
import io.breakwater.engine.policy.Vector;
import io.breakwater.engine.policy.VectorTable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int ROUNDS = 40_000;

    private final List<FrameSlot> inbound = new ArrayList<>();
    private final List<FrameSlot> outbound = new ArrayList<>();
    private final SolicitedTable table = new SolicitedTable(4_096, 0, 3);
    private final QuestionRing ring = new QuestionRing(256);
    private long settled;

    @Test
    void shouldAllocateNothingPerFrame() {
        List<Vector> vectors = new ArrayList<>(VectorTable.builtIn());
        for (String signature : Signatures.names()) {
            vectors.add(new Vector(
                    "any-" + signature,
                    1,
                    Vector.Match.SIGNATURE,
                    signature,
                    Vector.Action.ALERT,
                    null,
                    RuleMode.ENFORCE));
        }
        Policy policy = Inside.policy(vectors, true);
        ReflectionFilter filter = ReflectionFilter.compile(
                policy, new Reasons(), (reason, frame) -> settled++, table, vector -> (frame, now) -> true);
        QuestionRecorder direct = QuestionRecorder.direct(policy, table);
        QuestionRecorder publishing = QuestionRecorder.publishing(policy, ring);
        frames();

        run(filter, direct, publishing, ROUNDS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(filter, direct, publishing, ROUNDS);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat((inbound.size() + outbound.size()) * (long) ROUNDS).isGreaterThan(1_000_000);
        assertThat(settled).isPositive();
        // The measurement itself and late compilation may take a few hundred bytes: less than one byte per 1,000
        // frames.
        assertThat(allocated).isLessThan(1_024);
    }

    private void frames() {
        for (SessionsTest.Conversation conversation : SessionsTest.conversations()) {
            for (int i = 0; i < conversation.frames().size(); i++) {
                inbound.add(SessionsTest.frame(conversation, i, i % 2 == 0, false, i % 3 == 0));
                FrameSlot out = SessionsTest.frame(conversation, i, i % 2 == 0, true, i % 3 == 0);
                out.lane(Lane.OUTBOUND);
                outbound.add(out);
            }
        }
    }

    private void run(ReflectionFilter filter, QuestionRecorder direct, QuestionRecorder publishing, int rounds) {
        for (int round = 0; round < rounds; round++) {
            long now = round * 1_000_000L;
            for (int i = 0; i < outbound.size(); i++) {
                ((i & 1) == 0 ? direct : publishing).onForwarded(outbound.get(i), now);
            }
            ring.drainTo(table, now);
            for (int i = 0; i < inbound.size(); i++) {
                int verdict = filter.classify(inbound.get(i), now);
                settled += verdict > 0 ? 1 : 0;
                direct.onForwarded(inbound.get(i), now);
            }
        }
    }
}
