package io.breakwater.engine.pipeline;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import io.breakwater.engine.frame.Lane;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lanes that one pipeline serves: one of a live pair, or both of a replayed capture.
 *
 * <p><b>Thread:</b> the filter worker.
 */
public final class Lanes {
    private final @Nullable LaneFilter inbound;
    private final @Nullable LaneFilter outbound;

    private Lanes(@Nullable LaneFilter inbound, @Nullable LaneFilter outbound) {
        this.inbound = inbound;
        this.outbound = outbound;
    }

    /** Every frame belongs to this one lane. */
    public static Lanes only(LaneFilter filter) {
        return filter.lane() == Lane.INBOUND ? new Lanes(filter, null) : new Lanes(null, filter);
    }

    /** A frame whose source address is protected is outbound, any other inbound. */
    public static Lanes bySource(LaneFilter inbound, LaneFilter outbound) {
        return new Lanes(inbound, outbound);
    }

    @HotPath
    void onBatchStart(long nowNs) {
        if (outbound != null) {
            outbound.onBatchStart(nowNs);
        }
        if (inbound != null) {
            inbound.onBatchStart(nowNs);
        }
    }

    /** Asks the tables of both lanes for what they will soon be asked for, by the frames that are expected. */
    @HotPath
    void lookAhead(long nowNs) {
        if (outbound != null) {
            outbound.lookAhead(nowNs);
        }
        if (inbound != null) {
            inbound.lookAhead(nowNs);
        }
    }

    /** Sets the verdict of a decoded frame, by its lane. */
    @HotPath
    void judge(FrameSlot slot, long nowNs) {
        LaneFilter filter = slot.lane() == Lane.INBOUND ? inbound : outbound;
        Objects.requireNonNull(filter).judge(slot, nowNs);
    }

    /** The filter of a decoded frame; says the lane in the slot. */
    @HotPath
    LaneFilter of(FrameSlot slot) {
        LaneFilter filter = choose(slot);
        slot.lane(filter.lane());
        return filter;
    }

    @HotPath
    private LaneFilter choose(FrameSlot slot) {
        if (inbound == null) {
            return Objects.requireNonNull(outbound);
        }
        if (outbound == null || !slot.hasAddresses()) {
            return inbound;
        }
        boolean inside = inbound.chain().isProtected(slot.isIpv4(), slot.sourceHi(), slot.sourceLo());
        return inside ? outbound : inbound;
    }
}
