/** Sources that an operator blocked for a while. */
@NullMarked
package io.breakwater.appliance.block;

import org.jspecify.annotations.NullMarked;
