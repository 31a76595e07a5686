/** Which UDP datagrams are reflected: vectors, response signatures, and the questions that inside hosts asked. */
@NullMarked
package io.breakwater.engine.reflection;

import org.jspecify.annotations.NullMarked;
