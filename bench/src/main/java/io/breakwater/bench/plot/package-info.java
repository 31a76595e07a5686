/** Figures as one self-contained HTML page, with its pictures as PNG files beside it. */
@NullMarked
package io.breakwater.bench.plot;

import org.jspecify.annotations.NullMarked;
