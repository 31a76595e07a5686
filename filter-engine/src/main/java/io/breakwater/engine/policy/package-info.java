/** What the operator wants: the immutable, validated policy that chains are compiled from. */
@NullMarked
package io.breakwater.engine.policy;

import org.jspecify.annotations.NullMarked;
