/** Copies of dropped frames, kept in a ring of capture files. */
@NullMarked
package io.breakwater.appliance.evidence;

import org.jspecify.annotations.NullMarked;
