/** How frames move: ports, ring, filter and egress stages, one lane at a time. */
@NullMarked
package io.breakwater.engine.pipeline;

import org.jspecify.annotations.NullMarked;
