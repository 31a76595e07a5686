/** How fast, and against whom? Measurements of the engine from memory and of the box between namespaces. */
@NullMarked
package io.breakwater.bench;

import org.jspecify.annotations.NullMarked;
