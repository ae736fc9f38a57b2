/** From prompts to work units. Start at {@link io.nightshift.operators.plan.PrefixPlan}. */
@NullMarked
package io.nightshift.operators.plan;

import org.jspecify.annotations.NullMarked;
