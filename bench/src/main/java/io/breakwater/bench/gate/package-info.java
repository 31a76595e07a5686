/** The ratios that must hold, checked in less than a minute. */
@NullMarked
package io.breakwater.bench.gate;

import org.jspecify.annotations.NullMarked;
