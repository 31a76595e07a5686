/** Network namespaces, and the programs that tests run in them. */
@NullMarked
package io.breakwater.capture.lab;

import org.jspecify.annotations.NullMarked;
