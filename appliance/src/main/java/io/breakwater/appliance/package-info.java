/** How a person runs the filter: the only place where engine, ports and user interfaces are put together. */
@NullMarked
package io.breakwater.appliance;

import org.jspecify.annotations.NullMarked;
