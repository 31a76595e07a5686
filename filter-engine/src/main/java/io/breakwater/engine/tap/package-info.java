/** What control threads are shown of single frames: a sample of the traffic, and copies of some that were dropped. */
@NullMarked
package io.breakwater.engine.tap;

import org.jspecify.annotations.NullMarked;
