package io.breakwater.engine.limit;

import io.breakwater.engine.HotPath;
import io.breakwater.engine.frame.FrameSlot;

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

    /** The hash of the frame's key. */
    @HotPath
    public long hash(FrameSlot frame) {
        return key.hash(hash, frame);
    }

    /** What tells the key from others in the table, as {@link EntryMemory#identity} says. */
    @HotPath
    public long identity(FrameSlot frame, long hash) {
        return key.identity(frame, hash);
    }
}
