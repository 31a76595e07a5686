/** What happens to a decoded frame: one classifier per step of the policy's order. */
@NullMarked
package io.breakwater.engine.classify;

import org.jspecify.annotations.NullMarked;
