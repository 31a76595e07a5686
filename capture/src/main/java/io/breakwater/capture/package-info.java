/** How frames get in and out of the box: network cards and capture files. */
@NullMarked
package io.breakwater.capture;

import org.jspecify.annotations.NullMarked;
