/** What a policy means, sentence by sentence: policy files in, frames through the whole pipeline, verdicts out. */
@NullMarked
package io.breakwater.appliance.policy;

import org.jspecify.annotations.NullMarked;
