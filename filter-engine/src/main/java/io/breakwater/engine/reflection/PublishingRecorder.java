package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import java.util.BitSet;

/** On the outbound lane's own thread. */
@HotPath
record PublishingRecorder(Questions questions, QuestionRing ring) implements QuestionRecorder {
    @Override
    public BitSet ports() {
        return questions.ports();
    }

    @Override
    public void onForwarded(FrameSlot frame, long nowNs) {
        long session = questions.opened(frame);
        if (session != Session.NONE) {
            ring.publish(
                    frame.sourceHi(), frame.sourceLo(), frame.destinationHi(), frame.destinationLo(), session, nowNs);
        }
    }
}
