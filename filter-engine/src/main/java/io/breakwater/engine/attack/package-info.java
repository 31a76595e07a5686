/** Which victims are under attack: start and end per destination and vector, told to control threads as events. */
@NullMarked
package io.breakwater.engine.attack;

import org.jspecify.annotations.NullMarked;
