/** Parts of the engine under JMH: the parser, the chain with its tables, the hand-off between threads. */
@NullMarked
package io.breakwater.bench.jmh;

import org.jspecify.annotations.NullMarked;
