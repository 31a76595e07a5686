package io.breakwater.engine.reflection;

import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.policy.Policy;
import java.util.BitSet;

/**
 * Makes the answers to a forwarded frame solicited, before the frame is sent.
 *
 * <p>A chain calls it for each frame that it is about to forward, trusted sources' too: the outbound chain with {@link
 * #direct} if the inbound lane runs on the same thread and with {@link #publishing} if not; the inbound chain with {@link
 * #direct}, because inbound frames keep long-lived sessions alive.
 *
 * <p><b>Thread:</b> the filter worker of its lane, alone, but for {@link #ports}.
 */
public interface QuestionRecorder {
    /** Records nothing: for policies without {@code protected} or without reflection. */
    QuestionRecorder NONE = new QuestionRecorder() {
        @Override
        public BitSet ports() {
            return new BitSet();
        }

        @Override
        public void onForwarded(FrameSlot frame, long nowNs) {}
    };

    /**
     * Of UDP frames with these ports there may be something to record, of all others nothing: of outbound frames the port to which
     * they go counts, of inbound ones that from which they come. Thread: any.
     */
    BitSet ports();

    /**
     * Records the frame's question, if it is one. Never throws, never allocates.
     *
     * @param frame decoded, status {@code IP}, about to be forwarded
     * @param nowNs the lane's clock in nanoseconds
     */
    void onForwarded(FrameSlot frame, long nowNs);

    /** Writes into the table; the caller runs on the thread that owns it. */
    static QuestionRecorder direct(Policy policy, SolicitedTable table) {
        return new DirectRecorder(Questions.of(policy), table);
    }

    /** Publishes into the ring, for the outbound lane when the table belongs to another thread. */
    static QuestionRecorder publishing(Policy policy, QuestionRing ring) {
        return new PublishingRecorder(Questions.of(policy), ring);
    }
}
