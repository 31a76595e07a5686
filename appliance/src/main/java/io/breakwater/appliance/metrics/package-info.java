/** What Prometheus sees. */
@NullMarked
package io.breakwater.appliance.metrics;

import org.jspecify.annotations.NullMarked;
