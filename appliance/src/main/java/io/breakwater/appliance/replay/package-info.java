/** A capture through the very same pipeline, offline, and the report of what it did. */
@NullMarked
package io.breakwater.appliance.replay;

import org.jspecify.annotations.NullMarked;
