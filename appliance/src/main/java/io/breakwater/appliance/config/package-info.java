/** The policy file: YAML in, an immutable configuration or every mistake with its line and column out. */
@NullMarked
package io.breakwater.appliance.config;

import org.jspecify.annotations.NullMarked;
