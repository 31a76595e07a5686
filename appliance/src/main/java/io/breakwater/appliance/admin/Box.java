package io.breakwater.appliance.admin;

import io.breakwater.appliance.attack.AttackBoard;
import io.breakwater.appliance.block.BlockList;
import io.breakwater.appliance.events.Events;
import io.breakwater.appliance.metrics.Metrics;
import io.breakwater.appliance.metrics.PairView;
import io.breakwater.appliance.top.TopTalkers;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the admin side shows and changes. Thread: any.
 *
 * @param pairs those that are joined
 * @param state what the box is at
 * @param started by the wall clock
 */
public record Box(
        Metrics metrics,
        List<PairView> pairs,
        AttackBoard attacks,
        BlockList blocks,
        TopTalkers top,
        Events events,
        PolicyDesk policy,
        Supplier<State> state,
        Instant started) {
    /** What a box is at. */
    public enum State {
        STARTING,
        FORWARDING,
        /** A pair does not forward any more; others may. */
        FAILED,
        STOPPING
    }
}
