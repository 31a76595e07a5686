/** The life of a running box: pairs of ports from start to drain, signals, reload. */
@NullMarked
package io.breakwater.appliance.gateway;

import org.jspecify.annotations.NullMarked;
