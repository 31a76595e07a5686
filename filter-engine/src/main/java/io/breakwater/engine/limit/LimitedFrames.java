package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a limit can say of a frame without its table: whether it will look at it, and the hash of its key.
 *
 * <p><b>Thread:</b> immutable, any. It stands apart from {@link RateLimiter} because rx asks it while the filter writes
 * there: what one core reads must not lie where the other writes.
 */
public final class LimitedFrames {
    private final FrameMatch match;
    private final TrackedKey key;
    private final KeyHash hash;

    LimitedFrames(FrameMatch match, TrackedKey key, KeyHash hash) {
        this.match = match;
        this.key = key;
        this.hash = hash;
    }

    /** Whether the limit looks at a decoded frame, unless it turns out to have been asked for where that matters. */
    @HotPath
    public boolean matches(FrameSlot frame) {
        return match.matches(frame);
    }

    /**
     * Whether it can look at frames of a protocol.
     *
     * @param protocol the number of the upper layer's, -1 where it was not captured
     */
    public boolean mayMatch(boolean ipv4, int protocol) {
        return match.mayMatch(ipv4, protocol);
    }

    /** Whether it looks at all frames of such protocols. */
    public boolean isOfProtocolOnly() {
        return match.isOfProtocolOnly();
    }

    /** With {@code match: vector} the source ports from which it can look at UDP frames, and at nothing else; otherwise null. */
    public @Nullable BitSet vectorPorts() {
        return match.vectorPorts();
    }

    /** Notes in the slot what names the frame's key in the limit's table. */
    @HotPath
    public void name(FrameSlot frame) {
        key.name(hash, frame);
    }
}
