/**
 * From prompts to work units: sorts rows by their token ids and cuts them into units. Start at
 * {@link io.nightshift.operators.plan.PrefixPlan}. The result in a folder is a {@link
 * io.nightshift.operators.plan.PlanManifest} with the units, whose columns are {@link
 * io.nightshift.operators.plan.PlannedColumns}. Inference reads plans; this package does not know
 * it.
 */
@NullMarked
package io.nightshift.operators.plan;

import org.jspecify.annotations.NullMarked;
