/** The box between network namespaces, Breakwater and its peers in turn. */
@NullMarked
package io.breakwater.bench.wire;

import org.jspecify.annotations.NullMarked;
