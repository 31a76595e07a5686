/** What the engine tells of attacks: kept, logged and shown. */
@NullMarked
package io.breakwater.appliance.attack;

import org.jspecify.annotations.NullMarked;
