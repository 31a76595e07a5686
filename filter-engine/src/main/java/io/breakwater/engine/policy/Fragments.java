package io.breakwater.engine.policy;

import org.jspecify.annotations.Nullable;

/**
 * What happens to IP fragments.
 *
 * @param inherit later fragments take the verdict of their first one
 * @param unknown per-destination bucket of later fragments whose first has not been seen; null = not limited
 */
public record Fragments(boolean inherit, @Nullable Bucket unknown) {
    /** {@code fragments: off}. */
    public static final Fragments OFF = new Fragments(false, null);
}
