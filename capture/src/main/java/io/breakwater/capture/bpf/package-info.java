/** Programs that the kernel runs on each frame of a card: written, loaded, attached and swapped from Java. */
@NullMarked
package io.breakwater.capture.bpf;

import org.jspecify.annotations.NullMarked;
