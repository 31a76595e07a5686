/** Figures as pictures: PNG files and one self-contained HTML page. */
@NullMarked
package io.breakwater.bench.plot;

import org.jspecify.annotations.NullMarked;
