/** Latency histograms on disk, for HdrHistogram's own tools. */
@NullMarked
package io.breakwater.appliance.latency;

import org.jspecify.annotations.NullMarked;
