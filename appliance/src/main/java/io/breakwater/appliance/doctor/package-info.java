/** What on this box would break inline filtering, or slow it, and the command that mends it. */
@NullMarked
package io.breakwater.appliance.doctor;

import org.jspecify.annotations.NullMarked;
