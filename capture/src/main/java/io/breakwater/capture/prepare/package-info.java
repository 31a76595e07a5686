/** Makes two network cards fit for an inline filter, and gives them back as they were. */
@NullMarked
package io.breakwater.capture.prepare;

import org.jspecify.annotations.NullMarked;
