/** Figures as pictures. */
@NullMarked
package io.breakwater.appliance.plot;

import org.jspecify.annotations.NullMarked;
