/** Drops in the kernel, on each frame's way in, what the policy drops without remembering anything. */
@NullMarked
package io.breakwater.capture.shield;

import org.jspecify.annotations.NullMarked;
