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
        of(slot).judge(slot, nowNs);
    }

    /** The filter of a frame whose lane its slot says. */
    @HotPath
    LaneFilter of(FrameSlot slot) {
        return Objects.requireNonNull(slot.lane() == Lane.INBOUND ? inbound : outbound);
    }

    /** Says in the slot of a decoded frame which lane's it is, and what that lane's chain in force says beforehand. */
    @HotPath
    void preclassify(FrameSlot slot) {
        preclassify(
                slot,
                inbound == null ? null : inbound.preclassifier(),
                outbound == null ? null : outbound.preclassifier());
    }

    /**
     * The same by other chains. Thread: any.
     *
     * @param inboundSays of the inbound lane, if that is served
     * @param outboundSays of the outbound lane, if that is served
     */
    @HotPath
    static void preclassify(FrameSlot slot, @Nullable Preclassifier inboundSays, @Nullable Preclassifier outboundSays) {
        int source = inboundSays == null ? 0 : inboundSays.source(slot);
        if (inboundSays == null || (outboundSays != null && Preclassifier.isInside(source))) {
            slot.lane(Lane.OUTBOUND);
            Objects.requireNonNull(outboundSays).preclassify(slot);
        } else {
            slot.lane(Lane.INBOUND);
            inboundSays.preclassify(slot, source);
        }
    }

    /** What can be said of a frame of a lane before its newest chain judges it; null if that lane is not served. Thread: any. */
    @Nullable
    Preclassifier newestPreclassifier(Lane lane) {
        LaneFilter filter = lane == Lane.INBOUND ? inbound : outbound;
        return filter == null ? null : filter.chain().preclassifier();
    }
}
