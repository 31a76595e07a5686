/** The whole pipeline fed from memory: frames per second, bytes allocated, latency. */
@NullMarked
package io.breakwater.bench.replay;

import org.jspecify.annotations.NullMarked;
