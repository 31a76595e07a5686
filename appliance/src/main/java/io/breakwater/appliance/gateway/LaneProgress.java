package io.breakwater.appliance.gateway;

/**
 * Whether a lane gets on with its work, seen from outside: it looks for frames, and it settles them or there is nothing to
 * settle.
 *
 * <p><b>Why</b> from counters: the data path pays nothing for it. <b>Thread:</b> control.
 */
final class LaneProgress {
    private long settledFrames = -1;
    private long lostFrames;
    private long turns = -1;

    /**
     * Asked once a tick.
     *
     * @param settled frames forwarded and dropped so far
     * @param occupancy of the lane's ring, 0 to 1
     * @param lost frames that the kernel dropped so far because nobody read them
     * @param turns how often the rx thread looked for frames so far; it does so 50 times a second at least
     * @return false if frames waited for the whole tick, in the ring or before it, and none was settled; or if nobody
     *     looked for any
     */
    boolean isAlive(long settled, double occupancy, long lost, long turns) {
        boolean settledSome = settled != settledFrames;
        boolean framesWait = occupancy > 0 || lost > lostFrames;
        settledFrames = settled;
        lostFrames = lost;
        boolean looks = turns != this.turns;
        this.turns = turns;
        return looks && (settledSome || !framesWait);
    }
}
