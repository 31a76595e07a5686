/** JSON as plain maps and lists: what the API, the event log and the commands write and read. */
@NullMarked
package io.breakwater.appliance.json;

import org.jspecify.annotations.NullMarked;
