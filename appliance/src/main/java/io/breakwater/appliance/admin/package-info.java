/** The HTTP side: metrics, health and readiness. */
@NullMarked
package io.breakwater.appliance.admin;

import org.jspecify.annotations.NullMarked;
