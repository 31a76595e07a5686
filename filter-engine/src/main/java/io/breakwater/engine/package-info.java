/** What happens to a frame, and how fast: bytes in, verdict out. */
@NullMarked
package io.breakwater.engine;

import org.jspecify.annotations.NullMarked;
