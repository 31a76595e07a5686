/** What a person types, and what they are told when it cannot be done. */
@NullMarked
package io.breakwater.appliance.cli;

import org.jspecify.annotations.NullMarked;
