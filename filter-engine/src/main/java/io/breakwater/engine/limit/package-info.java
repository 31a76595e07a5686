/** How much is too much: token buckets, counting windows and their fixed-size tables. */
@NullMarked
package io.breakwater.engine.limit;

import org.jspecify.annotations.NullMarked;
