/** What happened, one event at a time: kept, written to a file, and streamed to whoever listens. */
@NullMarked
package io.breakwater.appliance.events;

import org.jspecify.annotations.NullMarked;
