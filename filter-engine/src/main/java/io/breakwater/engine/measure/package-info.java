/** What was done: reasons, counters, latency and events. */
@NullMarked
package io.breakwater.engine.measure;

import org.jspecify.annotations.NullMarked;
