/**
 * From sorted prompts to work units. Start at {@link
 * io.nightshift.operators.plan.CutUnitsOperator}.
 */
@NullMarked
package io.nightshift.operators.plan;

import org.jspecify.annotations.NullMarked;
