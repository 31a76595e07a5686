/** Is anything that is protected here a reflector: settings, sockets, host firewall, and harmless probes. */
@NullMarked
package io.breakwater.appliance.audit;

import org.jspecify.annotations.NullMarked;
