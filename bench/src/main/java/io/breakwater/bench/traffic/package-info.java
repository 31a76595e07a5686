/** Frames to measure with, in memory: generated or taken from captures. */
@NullMarked
package io.breakwater.bench.traffic;

import org.jspecify.annotations.NullMarked;
