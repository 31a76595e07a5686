package io.breakwater.engine.classify;

import io.breakwater.engine.frame.FrameSlot;
import java.util.ArrayList;
import java.util.List;

/** Keeps the reasons for which frames would have been dropped, in order. */
final class WouldDrops implements WouldDrop {
    final List<Integer> reasons = new ArrayList<>();

    @Override
    public void count(int reason, FrameSlot frame) {
        reasons.add(reason);
    }
}
