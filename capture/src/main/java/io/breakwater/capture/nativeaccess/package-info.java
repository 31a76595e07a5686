/** The few kernel calls that the JDK does not offer, made through the foreign-function API. */
@NullMarked
package io.breakwater.capture.nativeaccess;

import org.jspecify.annotations.NullMarked;
