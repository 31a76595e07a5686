package io.breakwater.engine.reflection;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import java.util.BitSet;

/** On the table's own thread: outbound frames open, inbound ones renew. */
@HotPath
record DirectRecorder(Questions questions, SolicitedTable table) implements QuestionRecorder {
    @Override
    public BitSet ports() {
        return questions.ports();
    }

    @Override
    public void onForwarded(FrameSlot frame, long nowNs) {
        if (frame.lane() == Lane.OUTBOUND) {
            open(frame, nowNs);
        } else {
            renew(frame, nowNs);
        }
    }

    private void open(FrameSlot frame, long nowNs) {
        long session = questions.opened(frame);
        if (session != Session.NONE) {
            table.open(
                    frame.sourceHi(), frame.sourceLo(), frame.destinationHi(), frame.destinationLo(), session, nowNs);
        }
    }

    private void renew(FrameSlot frame, long nowNs) {
        long session = questions.renewed(frame);
        if (session != Session.NONE) {
            table.renew(
                    frame.destinationHi(), frame.destinationLo(), frame.sourceHi(), frame.sourceLo(), session, nowNs);
        }
    }
}
