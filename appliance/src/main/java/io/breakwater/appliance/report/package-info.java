/** What a log of events tells of a period: which attacks, on whom, from where, and what was dropped. */
@NullMarked
package io.breakwater.appliance.report;

import org.jspecify.annotations.NullMarked;
