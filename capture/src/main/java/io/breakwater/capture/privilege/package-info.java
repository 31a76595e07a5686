/** Changes the network and the kernel on a run's behalf: in the run's own process, or in one that keeps the rights to. */
@NullMarked
package io.breakwater.capture.privilege;

import org.jspecify.annotations.NullMarked;
