/** Who sends and who receives most, from a sample of the inbound frames. */
@NullMarked
package io.breakwater.appliance.top;

import org.jspecify.annotations.NullMarked;
