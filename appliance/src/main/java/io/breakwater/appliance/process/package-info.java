/** How the process is asked to end, and what it says when it does: signals and exit codes. */
@NullMarked
package io.breakwater.appliance.process;

import org.jspecify.annotations.NullMarked;
