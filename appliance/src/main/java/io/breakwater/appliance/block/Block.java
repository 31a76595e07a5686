package io.breakwater.appliance.block;

import io.breakwater.engine.policy.Prefix;
import java.time.Instant;

/**
 * One source blocked for a while.
 *
 * @param prefix who
 * @param since by the wall clock
 * @param until by the wall clock, as it was when the block was made; for people
 * @param endNs by the clock that never steps
 * @param comment why, as the operator said; may be empty
 */
public record Block(Prefix prefix, Instant since, Instant until, long endNs, String comment) {}
