/** What a frame is: a place in memory, and the header fields found there. */
@NullMarked
package io.breakwater.engine.frame;

import org.jspecify.annotations.NullMarked;
