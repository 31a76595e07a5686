package io.breakwater.appliance.gateway;

/**
 * Whether a lane gets on with its work, seen from outside: it settles frames, or there is nothing to settle.
 *
 * <p><b>Why</b> from counters: the data path pays nothing for it. <b>Thread:</b> control.
 */
final class LaneProgress {
    private long settledFrames = -1;
    private long lostFrames;

    /**
     * Asked once a tick.
     *
     * @param settled frames forwarded and dropped so far
     * @param occupancy of the lane's ring, 0 to 1
     * @param lost frames that the kernel dropped so far because nobody read them
     * @return false if frames waited for the whole tick, in the ring or before it, and none was settled
     */
    boolean isAlive(long settled, double occupancy, long lost) {
        boolean settledSome = settled != settledFrames;
        boolean framesWait = occupancy > 0 || lost > lostFrames;
        settledFrames = settled;
        lostFrames = lost;
        return settledSome || !framesWait;
    }
}
